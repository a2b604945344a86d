import type { SapConfig } from '../config.ts'
import { literal } from '../literals.ts'
import type { SetSource } from './keyset.ts'

/** The source, of the connection's plants only; of all when it names none. */
export function onlyPlants(source: SetSource, { plants }: Pick<SapConfig, 'plants'>): SetSource {
  if (plants.length === 0) return source
  const wanted = plants.map((plant) => `Plant eq ${literal.string(plant)}`).join(' or ')
  const filter = source.filter === undefined ? wanted : `(${source.filter}) and (${wanted})`
  return { ...source, filter }
}
