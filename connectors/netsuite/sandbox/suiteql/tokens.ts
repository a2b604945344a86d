import type { Query } from './ast.ts'
import { unsupported } from './errors.ts'
import type { Token } from './lexer.ts'

/** A position in a statement, and what the grammar asks there. */
export interface Tokens {
  peek(ahead?: number): Token
  take(): Token
  /** Is the next token this keyword or symbol? */
  at(...texts: string[]): boolean
  /** Takes the next tokens when they are these keywords or symbols in a row. */
  accept(...texts: string[]): boolean
  /** @throws SuiteQlError when something else comes next */
  expect(...texts: string[]): void
  /** Runs `work` one level deeper. @throws SuiteQlError when that is too deep */
  nested<T>(work: () => T): T
  /** Parses a whole query here. */
  query(): Query
  /** The number of the next `?`. */
  nextParameter(): number
  parameters(): number
}

const MAX_DEPTH = 60

/** `parseQuery` comes from outside: queries hold expressions, and expressions queries. */
export function createTokens(tokens: readonly Token[], parseQuery: (tokens: Tokens) => Query): Tokens {
  let position = 0
  let depth = 0
  let parameters = 0
  const peek = (ahead = 0): Token => tokens[Math.min(position + ahead, tokens.length - 1)] ?? { kind: 'end' }
  const is = (token: Token, text: string): boolean =>
    (token.kind === 'symbol' && token.text === text) || (token.kind === 'name' && !token.quoted && token.text === text)

  function accept(...texts: string[]): boolean {
    if (!texts.every((text, ahead) => is(peek(ahead), text))) return false
    position += texts.length
    return true
  }

  const self: Tokens = {
    peek,
    query: () => parseQuery(self),
    take() {
      const token = peek()
      position++
      return token
    },
    at: (...texts) => texts.some((text) => is(peek(), text)),
    accept,
    expect(...texts) {
      if (!accept(...texts)) throw unsupported()
    },
    nested(work) {
      if (++depth > MAX_DEPTH) throw unsupported()
      const result = work()
      depth--
      return result
    },
    nextParameter: () => parameters++,
    parameters: () => parameters,
  }
  return self
}

/** Words that end a name's place: no alias or column is called so without quotes. */
export const RESERVED: ReadonlySet<string> = new Set(
  `all and as asc between by case cross desc distinct else end exists fetch from full group having in inner intersect
   is join left like limit minus natural not null offset on or order outer right select then union using when where with`
    .trim()
    .split(/\s+/),
)
