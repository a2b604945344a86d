import { badRequest } from '../errors.ts'
import { type Literal, numberLiteral, prefixedLiteral } from './literals.ts'

export type Token =
  | { readonly kind: 'literal'; readonly literal: Literal; readonly at: number }
  | { readonly kind: 'word'; readonly text: string; readonly at: number }
  | { readonly kind: '(' | ')' | ',' | 'end'; readonly at: number }

/** Words of a `$filter`. Operators and property names are both words: the parser knows which is meant. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    const char = text[at] as string
    if (char === ' ' || char === '\t') {
      at++
    } else if (char === '(' || char === ')' || char === ',') {
      tokens.push({ kind: char, at })
      at++
    } else if (char === "'") {
      const end = endOfString(text, at)
      tokens.push({ kind: 'literal', literal: { type: 'Edm.String', value: contents(text, at, end) }, at })
      at = end
    } else {
      const start = at
      while (at < text.length && !" \t(),'".includes(text[at] as string)) at++
      const word = text.slice(start, at)
      if (text[at] === "'") {
        const end = endOfString(text, at)
        tokens.push({ kind: 'literal', literal: prefixedLiteral(word, contents(text, at, end)), at: start })
        at = end
      } else {
        tokens.push(wordOrLiteral(word, start))
      }
    }
  }
  tokens.push({ kind: 'end', at: text.length })
  return tokens
}

function wordOrLiteral(word: string, at: number): Token {
  if (word === 'true' || word === 'false') {
    return { kind: 'literal', literal: { type: 'Edm.Boolean', value: word === 'true' }, at }
  }
  if (word === 'null') return { kind: 'literal', literal: { type: 'null', value: null }, at }
  const first = word.charCodeAt(0)
  const numeric = (first >= 48 && first <= 57) || word[0] === '-' || word[0] === '+'
  if (!numeric) return { kind: 'word', text: word, at }
  const literal = numberLiteral(word)
  if (literal === null) throw syntaxError(at)
  return { kind: 'literal', literal, at }
}

/** Position after the closing quote; `''` inside is one quote. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] !== "'") continue
    if (text[at + 1] !== "'") return at + 1
    at++
  }
  throw syntaxError(start)
}

function contents(text: string, start: number, end: number): string {
  return text.slice(start + 1, end - 1).replaceAll("''", "'")
}

export function syntaxError(at: number): Error {
  return badRequest('/IWCOR/CX_DS_EXPR_SYNTAX_ERROR', `Invalid token detected at position ${at}`)
}
