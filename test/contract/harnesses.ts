import type { Harness } from './kit/harness.ts'
import { maintainxHarness } from './maintainx/harness.ts'
import { netsuiteHarness } from './netsuite/harness.ts'
import { sapHarness } from './sap-s4hana/harness.ts'
import { trytonHarness } from './tryton/harness.ts'

/** Connector → a real system, or its stand-in, behind it. */
export const HARNESSES: { readonly [connector: string]: () => Promise<Harness & { drop(): Promise<void> }> } = {
  maintainx: maintainxHarness,
  netsuite: netsuiteHarness,
  'sap-s4hana': sapHarness,
  tryton: trytonHarness,
}
