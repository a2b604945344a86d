import { netsuite } from './netsuite.ts'
import { sapS4Hana } from './sap-s4hana.ts'
import type { DemoSystem } from './system.ts'
import { tryton } from './tryton.ts'

/** What `npm start -- --erp …` knows, one line each. */
export const DEMO_SYSTEMS: readonly DemoSystem[] = [sapS4Hana, netsuite, tryton]

/** What it runs unasked: two, so that one table shows the orders of both. */
export const UNASKED: readonly DemoSystem[] = [sapS4Hana, netsuite]
