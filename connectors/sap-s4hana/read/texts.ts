import type { Json, MappingSettings } from '../../../core/index.ts'
import { children, type Row, text } from '../values.ts'

/**
 * Text of the row in the connection's language, else in English, else in the first language there is.
 * @param value rows with `Language` (two letters, as SAP's services show it)
 */
export function inLanguage(value: Json | undefined, field: string, settings: MappingSettings): string | null {
  const rows = [...children(value)].sort((a, b) => (languageOf(a) < languageOf(b) ? -1 : 1))
  for (const wanted of [sapLanguage(settings.language), 'EN']) {
    const found = text(rows.find((row) => languageOf(row) === wanted)?.[field])
    if (found !== null) return found
  }
  return rows.map((row) => text(row[field])).find((found) => found !== null) ?? null
}

const languageOf = (row: Row): string => (text(row['Language']) ?? '').toUpperCase()

/** BCP 47 → SAP; only where two scripts share a language do they differ in more than case. */
export function sapLanguage(tag: string): string {
  const [language = '', ...rest] = tag.toUpperCase().split(/[-_]/)
  if (language === 'ZH' && rest.some((part) => ['HANT', 'TW', 'HK', 'MO'].includes(part))) return 'ZF'
  return language === 'SR' && rest.includes('LATN') ? 'SH' : language
}
