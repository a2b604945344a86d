import { CONNECTING_FAULTS } from './connecting.ts'
import { MAPPING_FAULTS } from './mapping.ts'
import type { Fault } from './plant.ts'
import { PUSHING_FAULTS } from './pushing.ts'
import { READING_FAULTS } from './reading.ts'

export type { Fault } from './plant.ts'

/** At least one for every rule. */
export const FAULTS: readonly Fault[] = [...CONNECTING_FAULTS, ...READING_FAULTS, ...MAPPING_FAULTS, ...PUSHING_FAULTS]
export { PUSHING_FAULTS } from './pushing.ts'
export { WRITING_FAULTS } from './writing.ts'
