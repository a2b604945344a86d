import { unsupported } from './errors.ts'

export type Token =
  /** `text` in lower case; `shown` as written. Quoted names are never keywords. */
  | { readonly kind: 'name'; readonly text: string; readonly shown: string; readonly quoted: boolean }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'symbol'; readonly text: string }
  | { readonly kind: 'end' }

const SPACE = /(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/y
const NAME = /[a-z_][a-z0-9_$#]*/iy
const QUOTED = /"([^"]{1,128})"/y
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d{1,3})?/iy
const STRING = /'((?:[^']|'')*)'/y
const SYMBOL = /<>|!=|\^=|<=|>=|\|\||[,().*+\-/=<>?]/y

const MAX_TOKENS = 50_000

/** @throws SuiteQlError for text that is no SuiteQL */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found !== null) at += found[0].length
    return found
  }
  while (at < text.length) {
    if (match(SPACE) !== null) continue
    if (tokens.length >= MAX_TOKENS) throw unsupported()
    tokens.push(next())
  }
  tokens.push({ kind: 'end' })
  return tokens

  function next(): Token {
    const number = match(NUMBER)
    if (number !== null) {
      // `1abc` is neither
      if (/[a-z_$#]/i.test(text[at] ?? '')) throw unsupported()
      return { kind: 'number', text: number[0] }
    }
    const name = match(NAME)
    if (name !== null) return { kind: 'name', text: name[0].toLowerCase(), shown: name[0], quoted: false }
    const quoted = match(QUOTED)
    if (quoted !== null) {
      const inner = quoted[1] ?? ''
      return { kind: 'name', text: inner.toLowerCase(), shown: inner, quoted: true }
    }
    const string = match(STRING)
    if (string !== null) return { kind: 'string', text: (string[1] ?? '').replaceAll("''", "'") }
    const symbol = match(SYMBOL)
    if (symbol !== null) return { kind: 'symbol', text: symbol[0] }
    throw unsupported()
  }
}
