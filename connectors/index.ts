import type { AnyConnector } from '../core/index.ts'
import { maintainx } from './maintainx/index.ts'
import { netsuite } from './netsuite/index.ts'
import { sapS4Hana } from './sap-s4hana/index.ts'
import { tryton } from './tryton/index.ts'

/** Every system Tributary knows, one line each. */
export const CONNECTORS: readonly AnyConnector[] = [maintainx, netsuite, sapS4Hana, tryton]

/** Undefined = this version has no such connector. */
export const connectorOf = (system: string): AnyConnector | undefined => CONNECTORS.find(({ id }) => id === system)
