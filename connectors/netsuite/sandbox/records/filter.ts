/** The `q` parameter of lists: `companyName START_WITH "Acme" AND isInactive IS false`, compiled to SQL. */
import { invalidParameter } from '../errors.ts'
import { readByPreference } from '../suiteql/preferences.ts'
import type { Session } from '../system.ts'
import type { Cell } from '../values.ts'
import type { Field } from './fields.ts'
import { isOn, type RecordType } from './model.ts'

export interface Condition {
  readonly sql: string
  readonly params: readonly Cell[]
}

type Token = { readonly kind: 'word' | 'text' | 'list'; readonly text: string; readonly items: readonly string[] }

const TOKEN = /\s*(?:"((?:[^"\\]|\\.)*)"|\[([^\]]*)\]|([^\s"[\]()]+)|([()]))/y

/** @throws RestError INVALID_PARAMETER, SuiteQlError for a date that is not in the account's format */
export function compileFilter(session: Session, type: RecordType, q: string): Condition {
  const tokens = tokensOf(q)
  let at = 0
  const params: Cell[] = []
  const sql = disjunction()
  if (at < tokens.length) throw bad(`unexpected '${tokens[at]?.text}'`)
  return { sql, params }

  function disjunction(): string {
    const parts = [conjunction()]
    while (isWord('OR')) parts.push(conjunction())
    return parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(' OR ')})`
  }

  function conjunction(): string {
    const parts = [term()]
    while (isWord('AND')) parts.push(term())
    return parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(' AND ')})`
  }

  function term(): string {
    if (isWord('(')) {
      const inner = disjunction()
      if (!isWord(')')) throw bad('a bracket is not closed')
      return `(${inner})`
    }
    const name = tokens[at++]?.text ?? ''
    const field = [...type.fields.values()].find((it) => it.name.toLowerCase() === name.toLowerCase())
    if (name.toLowerCase() === 'id') return condition(null)
    if (field === undefined || field.place !== 'row' || !isOn(session, field)) {
      throw bad(`the record type '${type.name}' has no field '${name}' to search by`)
    }
    return condition(field)
  }

  function condition(field: Field | null): string {
    const key = session.store.tables.get(type.table)?.key[0] ?? 'id'
    const kind = field?.type ?? 'integer'
    const column = `"${field?.column ?? key}"`
    const compared = kind === 'number' ? `CAST(${column} AS REAL)` : column
    const name = (tokens[at++]?.text ?? '').toUpperCase()
    const value = (text: string): string => {
      params.push(valueOf(text, kind))
      return '?'
    }
    const one = (): string => {
      const token = tokens[at++]
      if (token === undefined || token.kind === 'list') throw bad(`${name} needs a value`)
      return token.text
    }
    const list = (length?: number): readonly string[] => {
      const token = tokens[at++]
      const items = token?.kind === 'list' ? token.items : []
      if (items.length === 0 || (length !== undefined && items.length !== length)) throw bad(`${name} needs a list`)
      return items
    }
    const like = (pattern: (escaped: string) => string): string => {
      if (kind !== 'text') throw bad(`${name} is for texts`)
      params.push(
        pattern(
          one()
            .toLowerCase()
            .replace(/[\\%_]/g, '\\$&'),
        ),
      )
      return `lower(${column}) LIKE ? ESCAPE '\\'`
    }
    const day = kind === 'datetime' ? `date(${column} / 1000, 'unixepoch')` : compared
    switch (name) {
      case 'IS':
        return kind === 'text' ? `lower(${column}) = lower(${value(one())})` : `${compared} = ${value(one())}`
      case 'IS_NOT':
        return `(${column} IS NULL OR ${compared} <> ${value(one())})`
      case 'CONTAIN':
        return like((text) => `%${text}%`)
      case 'CONTAIN_NOT':
        return `NOT (${like((text) => `%${text}%`)})`
      case 'START_WITH':
        return like((text) => `${text}%`)
      case 'START_WITH_NOT':
        return `NOT (${like((text) => `${text}%`)})`
      case 'END_WITH':
        return like((text) => `%${text}`)
      case 'EMPTY':
        return `${column} IS NULL`
      case 'EMPTY_NOT':
        return `${column} IS NOT NULL`
      case 'ANY_OF':
        return `${compared} IN (${list().map(value).join(', ')})`
      case 'ANY_OF_NOT':
        return `(${column} IS NULL OR ${compared} NOT IN (${list().map(value).join(', ')}))`
      case 'BETWEEN': {
        const [low = '', high = ''] = list(2)
        return `${kind === 'datetime' ? day : compared} BETWEEN ${value(low)} AND ${value(high)}`
      }
      default: {
        const operator = OPERATORS[name]
        if (operator === undefined) throw bad(`'${name}' is no operator`)
        const isDay = kind === 'date' || kind === 'datetime'
        if (DATES.has(name) !== isDay) throw bad(`${name} does not fit the field`)
        return `${isDay ? day : compared} ${operator} ${value(one())}`
      }
    }
  }

  function valueOf(text: string, kind: Field['type']): Cell {
    switch (kind) {
      case 'bool':
        if (!/^(true|false|t|f)$/i.test(text)) throw bad(`'${text}' is no boolean`)
        return /^t/i.test(text) ? 'T' : 'F'
      case 'number':
      case 'integer':
      case 'ref':
      case 'refs':
        if (!/^-?\d+(\.\d+)?$/.test(text)) throw bad(`'${text}' is no number`)
        return Number(text)
      case 'date':
      case 'datetime':
        return new Date(readByPreference(text, session.account)).toISOString().slice(0, 10)
      default:
        return text
    }
  }

  function isWord(word: string): boolean {
    const token = tokens[at]
    if (token?.kind !== 'word' || token.text.toUpperCase() !== word) return false
    at++
    return true
  }
}

const OPERATORS: { readonly [name: string]: string } = {
  EQUAL: '=',
  EQUAL_NOT: '<>',
  GREATER: '>',
  GREATER_OR_EQUAL: '>=',
  LESS: '<',
  LESS_OR_EQUAL: '<=',
  ON: '=',
  ON_NOT: '<>',
  AFTER: '>',
  ON_OR_AFTER: '>=',
  BEFORE: '<',
  ON_OR_BEFORE: '<=',
}
const DATES = new Set(['ON', 'ON_NOT', 'AFTER', 'ON_OR_AFTER', 'BEFORE', 'ON_OR_BEFORE'])

function tokensOf(q: string): Token[] {
  const tokens: Token[] = []
  const text = q.trim()
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const from = TOKEN.lastIndex
    const match = TOKEN.exec(text)
    if (match === null) throw bad(`it cannot be read from '${text.slice(from, from + 20)}' on`)
    const [, quoted, list, word, bracket] = match
    if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted.replace(/\\(.)/g, '$1'), items: [] })
    else if (list !== undefined) {
      const items = list.split(',').map((item) => item.trim().replace(/^"(.*)"$/, '$1'))
      tokens.push({ kind: 'list', text: `[${list}]`, items: items.filter((item) => item !== '') })
    } else tokens.push({ kind: 'word', text: word ?? bracket ?? '', items: [] })
  }
  return tokens
}

function bad(why: string) {
  return invalidParameter('q', `Invalid search query. Detailed unprocessed description follows. ${why}.`)
}
