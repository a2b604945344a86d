import { maintainx } from './maintainx.ts'
import { netsuite } from './netsuite.ts'
import { sapS4Hana } from './sap-s4hana.ts'
import type { DemoSystem } from './system.ts'
import { tryton } from './tryton.ts'

/** What `npm start -- --erp …` knows, one line each. */
export const DEMO_SYSTEMS: readonly DemoSystem[] = [sapS4Hana, netsuite, maintainx, tryton]

/** What it runs unasked: several, so that one table shows the orders of all; one of them pushes. */
export const UNASKED: readonly DemoSystem[] = [sapS4Hana, netsuite, maintainx]
