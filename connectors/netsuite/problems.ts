import type { Json } from '../../core/index.ts'
import { isRow, type Row } from './values.ts'

/** One of `o:errorDetails`. */
export interface Detail {
  readonly text: string
  readonly code: string | null
  /** `item.items[0].item`, a query parameter or a header. */
  readonly where: string | null
}

/** A refusal in NetSuite's words. */
export interface Problem {
  /** `json`: NetSuite's own body. `oauth`: the token endpoint's. `other`: a gateway's page, or nothing. */
  readonly form: 'json' | 'oauth' | 'other'
  readonly details: readonly Detail[]
  /** Of the first detail, else the top's; for `oauth` the `error`. Never from title or type: those vary. */
  readonly code: string | null
}

export function problemOf(body: string): Problem {
  const parsed = parse(body)
  if (parsed === null) return { form: 'other', details: [], code: null }
  const string = (row: Row, name: string) => (typeof row[name] === 'string' && row[name] !== '' ? row[name] : null)
  const oauth = string(parsed, 'error')
  if (oauth !== null) {
    const text = string(parsed, 'error_description') ?? ''
    return { form: 'oauth', details: text === '' ? [] : [{ text, code: oauth, where: null }], code: oauth }
  }
  const listed = parsed['o:errorDetails']
  const details = (Array.isArray(listed) ? (listed as readonly Json[]) : []).filter(isRow).map((each) => ({
    text: string(each, 'detail') ?? '',
    code: string(each, 'o:errorCode'),
    where: string(each, 'o:errorPath') ?? string(each, 'o:errorQueryParam') ?? string(each, 'o:errorHeader'),
  }))
  const top = string(parsed, 'o:errorCode')
  if (details.length === 0 && top === null && string(parsed, 'title') === null)
    return { form: 'other', details: [], code: null }
  return { form: 'json', details, code: details.find(({ code }) => code !== null)?.code ?? top }
}

/** All that was said, at most 500 characters. */
export const wordsOf = ({ details }: Problem): string =>
  details
    .map(({ text }) => text.replace(/^Error while accessing resource: /, '').trim())
    .filter((text) => text !== '')
    .join('; ')
    .slice(0, 500)

function parse(body: string): Row | null {
  try {
    const parsed = JSON.parse(body) as Json
    const first = Array.isArray(parsed) ? (parsed as readonly Json[])[0] : parsed
    return isRow(first) ? first : null
  } catch {
    return null
  }
}
