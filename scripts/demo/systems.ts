import { sapS4Hana } from './sap-s4hana.ts'
import type { DemoSystem } from './system.ts'
import { tryton } from './tryton.ts'

/** What `npm start -- --erp …` knows, one line each; the first is what it runs unasked. */
export const DEMO_SYSTEMS: readonly [DemoSystem, ...DemoSystem[]] = [sapS4Hana, tryton]
