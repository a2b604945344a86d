import { describeError, type MappingSettings, unifiedId } from '../../../core/index.ts'
import { type Row, sapInstant, text } from '../values.ts'
import { sapLanguage } from './texts.ts'

type Value = Row[string] | undefined

/** Storage location, else plant, as a unified location; null when there is no plant. */
export function locationId(settings: MappingSettings, plant: Value, storageLocation?: Value): string | null {
  const [site, place] = [text(plant), text(storageLocation)]
  if (site === null) return null
  return unifiedId(settings.connectionId, 'location', place === null ? ['plant', site] : ['sloc', site, place])
}

/** Number of something else, e.g. a person; SAP fills numeric fields that name nothing with zeros. */
export function reference(value: Value): string | null {
  const number = text(value)
  return number === null || /^0+$/.test(number) ? null : number
}

/** What all of them share; null when they differ or there is none. */
export function shared<T>(values: readonly (T | null)[]): T | null {
  const [first = null] = values
  return values.every((value) => value === first) ? first : null
}

/** In the order of their numbers: SAP does not promise any order of expanded rows. */
export function byNumber(rows: readonly Row[], ...properties: readonly string[]): readonly Row[] {
  const rank = (row: Row) => properties.map((property) => String(row[property] ?? '').padStart(22, '0')).join('|')
  const ranked = rows.map((row) => ({ row, rank: rank(row) }))
  return ranked.sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0)).map(({ row }) => row)
}

/** All texts in the connection's language, else in English, else in the first language there is; blank lines between. */
export function longText(rows: readonly Row[], field: string, settings: MappingSettings): string | null {
  const filled = rows.filter((row) => text(row[field]) !== null)
  const languages = filled.map(languageOf)
  const language =
    [sapLanguage(settings.language), 'EN'].find((each) => languages.includes(each)) ?? languages.sort()[0]
  const chosen = filled.filter((row) => languageOf(row) === language)
  return (
    byNumber(chosen, 'TextObjectType')
      .map((row) => text(row[field]))
      .join('\n\n') || null
  )
}

const languageOf = (row: Row): string => (text(row['Language']) ?? '').toUpperCase()

/** A key property. @throws TypeError when it is missing */
export function keyIn(row: Row, property: string): string {
  const key = text(row[property])
  if (key === null) throw new TypeError(`the row has no ${property}`)
  return key
}

/** @throws TypeError naming the first of these properties that holds no date, so that its row is reported on reading */
export function requireDates(row: Row, properties: readonly string[]): void {
  for (const property of properties) {
    try {
      sapInstant(row[property])
    } catch (cause) {
      throw new TypeError(`${property}: ${describeError(cause)}`, { cause })
    }
  }
}
