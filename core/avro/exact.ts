import { isRounded } from './decimal.ts'
import { decimalsOf, type RecordSchema } from './schema.ts'

type Fields = { readonly [field: string]: unknown }

/**
 * A copy of the record in which the exact text of every decimal with more than 9 fractional digits stands in
 * `custom_fields._exact`: of the line it belongs to where lines have custom fields, else of the record, by its path.
 */
export function keepExact<R>(schema: RecordSchema, record: R): R {
  const exact = new Map<string, { [path: string]: string }>()
  for (const { path, text } of decimalsOf(schema, record)) {
    if (!isRounded(text)) continue
    const [list = '', at = '', field] = path.split('.')
    const line = field === undefined ? undefined : ((record as Fields)[list] as readonly Fields[])[Number(at)]
    const owner = line !== undefined && 'custom_fields' in line ? `${list}.${at}` : ''
    const texts = exact.get(owner) ?? {}
    texts[owner === '' ? path : (field as string)] = text
    exact.set(owner, texts)
  }
  const copy: { [field: string]: unknown } = { ...(record as Fields) }
  for (const [owner, texts] of exact) {
    if (owner === '') {
      if ('custom_fields' in copy) copy['custom_fields'] = withExact(copy['custom_fields'], texts)
      continue
    }
    const [list = '', at = ''] = owner.split('.')
    const lines = [...(copy[list] as readonly Fields[])]
    const line = lines[Number(at)] as Fields
    lines[Number(at)] = { ...line, custom_fields: withExact(line['custom_fields'], texts) }
    copy[list] = lines
  }
  return copy as R
}

/** The JSON object in `text` (null = none) with `_exact` set; keys sorted, as custom fields always are. */
function withExact(text: unknown, exact: { readonly [path: string]: string }): string {
  const fields = typeof text === 'string' ? (JSON.parse(text) as Fields) : {}
  return JSON.stringify(
    Object.fromEntries(Object.entries({ ...fields, _exact: exact }).sort(([a], [b]) => (a < b ? -1 : 1))),
  )
}
