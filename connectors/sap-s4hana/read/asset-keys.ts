import { type MappingSettings, unifiedId } from '../../../core/index.ts'
import { type Row, text } from '../values.ts'

type Value = Row[string] | undefined

export const EQUIPMENT = 'equip'
export const FUNCTIONAL_LOCATION = 'floc'

/** Unified id of the equipment, else of the functional location; null when neither is named. */
export function assetOf(settings: MappingSettings, equipment: Value, functionalLocation: Value): string | null {
  const [machine, place] = [text(equipment), text(functionalLocation)]
  if (machine !== null) return unifiedId(settings.connectionId, 'asset', [EQUIPMENT, machine])
  return place === null ? null : unifiedId(settings.connectionId, 'asset', [FUNCTIONAL_LOCATION, place])
}
