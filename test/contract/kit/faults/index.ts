import { CONNECTING_FAULTS } from './connecting.ts'
import { MAPPING_FAULTS } from './mapping.ts'
import type { Fault } from './plant.ts'
import { READING_FAULTS } from './reading.ts'

export type { Fault } from './plant.ts'

/** With those of writing and of pushing, for connectors that do: at least one for every rule. */
export const FAULTS: readonly Fault[] = [...CONNECTING_FAULTS, ...READING_FAULTS, ...MAPPING_FAULTS]
export { PUSHING_FAULTS } from './pushing.ts'
export { WRITING_FAULTS } from './writing.ts'
