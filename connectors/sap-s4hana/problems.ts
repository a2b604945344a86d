import type { Json } from '../../core/index.ts'
import { isRow, type Row } from './values.ts'

/** What SAP says when it refuses, from whichever form it came in. */
export interface Problem {
  /** json, xml: SAP's own; html: SAP's login and ICF pages, or a proxy's. */
  readonly form: 'json' | 'xml' | 'html' | 'text'
  /** Of the message that says most; verbatim. */
  readonly code: string | null
  /** Every error, the one that says most first; may be empty. */
  readonly messages: readonly Message[]
}

export interface Message {
  readonly code: string | null
  readonly text: string
  /** Property or path that SAP names. */
  readonly target: string | null
}

const LONGEST_TEXT = 500

const clean = (text: string): string => {
  const flat = text.replace(/\s+/g, ' ').trim()
  return flat.length > LONGEST_TEXT ? `${flat.slice(0, LONGEST_TEXT)}…` : flat
}

export function problemOf(body: string): Problem {
  const start = body.trimStart()
  if (start.startsWith('{')) {
    const found = fromJson(start)
    if (found !== null) return found
  }
  if (/^(<\?xml[^>]*>\s*)?<([a-z]+:)?error[\s>]/i.test(start)) return fromXml(start)
  if (start.startsWith('<')) {
    const text = clean(withoutTags(start))
    return { form: 'html', code: null, messages: text === '' ? [] : [{ code: null, text, target: null }] }
  }
  const text = clean(start)
  return { form: 'text', code: null, messages: text === '' ? [] : [{ code: null, text, target: null }] }
}

/** One line for people. */
export const wordsOf = ({ messages }: Problem): string => messages.map(({ text }) => text).join('; ')

interface Detail extends Message {
  readonly severity: string
}

const string = (value: Json | undefined): string | null => (typeof value === 'string' && value !== '' ? value : null)

/** V2: message `{lang, value}`, details in innererror.errordetails. V4: message text, details beside it. */
function fromJson(body: string): Problem | null {
  let error: Json | undefined
  try {
    const parsed = JSON.parse(body) as Json
    error = isRow(parsed) ? parsed['error'] : undefined
  } catch {
    return null
  }
  if (!isRow(error)) return null
  const message = isRow(error['message']) ? error['message']['value'] : error['message']
  const inner = isRow(error['innererror']) ? error['innererror'] : {}
  const listed = [inner['errordetails'], error['details']].find((each) => Array.isArray(each)) as Row[] | undefined
  const details = (listed ?? []).filter(isRow).map(
    (detail): Detail => ({
      code: string(detail['code']),
      text: clean(string(isRow(detail['message']) ? detail['message']['value'] : detail['message']) ?? ''),
      target: string(detail['target']) ?? string(detail['propertyref']),
      severity: string(detail['severity']) ?? 'error',
    }),
  )
  const outer = { code: string(error['code']), text: clean(string(message) ?? ''), target: string(error['target']) }
  return { form: 'json', ...telling(outer, details) }
}

const ENTITIES: { readonly [name: string]: string } = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'", nbsp: ' ' }

const decoded = (text: string): string =>
  text.replace(/&(#x?[\da-f]+|[a-z]+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name] ?? whole
    const point = name[1] === 'x' || name[1] === 'X' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole
  })

const withoutTags = (html: string): string =>
  decoded(html.replace(/<(script|style|title)[\s\S]*?<\/\1>/gi, ' ').replace(/<[^>]*>/g, ' '))

function fromXml(body: string): Problem {
  const inside = (xml: string, name: string) =>
    decoded(new RegExp(`<(?:\\w+:)?${name}(?:\\s[^>]*)?>([\\s\\S]*?)</(?:\\w+:)?${name}>`).exec(xml)?.[1] ?? '').trim()
  const details = [...body.matchAll(/<(?:\w+:)?errordetail>([\s\S]*?)<\/(?:\w+:)?errordetail>/g)].map(
    ([, xml = '']): Detail => ({
      code: inside(xml, 'code') || null,
      text: clean(inside(xml, 'message')),
      target: inside(xml, 'target') || inside(xml, 'propertyref') || null,
      severity: inside(xml, 'severity') || 'error',
    }),
  )
  const outer = { code: inside(body, 'code') || null, text: clean(inside(body, 'message')), target: null }
  return { form: 'xml', ...telling(outer, details) }
}

/** Messages of the framework that only say that something went wrong. */
const isGeneric = ({ code, text }: Message): boolean =>
  /^\/IWBEP\/CM_MGW_RT\/02[12]$/.test(code ?? '') ||
  code === 'MM_IM_ODATA_API_MDOC/014' ||
  /^(\S+ )*processing failed\.?$|^an exception was raised\.?$/i.test(text)

/** Every error once; those that say nothing only when there is no other. */
function telling(outer: Message, details: readonly Detail[]): Pick<Problem, 'code' | 'messages'> {
  const errors = details.filter(({ severity }) => /^(error|abort|fatal)$/i.test(severity))
  const all = [outer, ...errors].filter(({ text }) => text !== '')
  const once = all.filter(({ text }, at) => all.findIndex((other) => other.text === text) === at)
  const specific = once.filter((message) => !isGeneric(message))
  const messages = (specific.length > 0 ? specific : once).map(({ code, text, target }) => ({
    code,
    text,
    // the outer message rarely names the property that its duplicate among the details does
    target: target ?? errors.find((detail) => detail.text === text)?.target ?? null,
  }))
  return { code: messages[0]?.code ?? outer.code, messages }
}
