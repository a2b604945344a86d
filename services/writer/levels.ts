import { type AnyConnector, parseUnifiedId } from '../../core/index.ts'
import type { Fields } from './command.ts'

/** More than a document of any size that people post; what is beyond them comes with the next read of the levels. */
const MOST_LEVELS = 200

/** Whether what was written moves stock, and this system tells where the levels are. */
export const movesStock = (connector: AnyConnector, entity: string): boolean =>
  entity === 'inventory_movement' && connector.streams.stock_level?.levelKey !== undefined

/** Native keys of the stock levels that a movement touches: of every item, at both ends. `movement`: unified, or what was sent. */
export function levelsOf(connector: AnyConnector, movement: object | null): string[] {
  const keyOf = connector.streams.stock_level?.levelKey
  const lines = (movement as { readonly lines?: readonly Fields[] } | null)?.lines ?? []
  const keys = lines.flatMap((line) => {
    const item = partsOf(line.item_id)
    const places = [partsOf(line.from_location_id), partsOf(line.to_location_id)]
    return places.flatMap((place) => (item === null || place === null ? [] : (keyOf?.(item, place) ?? [])))
  })
  return [...new Set(keys)].slice(0, MOST_LEVELS)
}

function partsOf(id: unknown): readonly string[] | null {
  try {
    return typeof id === 'string' ? parseUnifiedId(id).parts : null
  } catch {
    // a reference to the result of another command: the movement as it is now names the record
    return null
  }
}
