import type { Expression, From, Item, Name, Order, Query, Select, SetOperator } from './ast.ts'
import { unsupported } from './errors.ts'
import { parseExpression } from './expression-parser.ts'
import { tokenize } from './lexer.ts'
import { createTokens, RESERVED, type Tokens } from './tokens.ts'

/** @returns the statement and the number of its `?`. @throws SuiteQlError */
export function parse(text: string): { query: Query; parameters: number } {
  const tokens = createTokens(tokenize(text), parseQuery)
  const query = parseQuery(tokens)
  if (tokens.peek().kind !== 'end') throw unsupported()
  return { query, parameters: tokens.parameters() }
}

/** query := select { (UNION [ALL] | INTERSECT | MINUS) select } [ORDER BY …] [OFFSET n ROWS] [FETCH FIRST n ROWS ONLY] */
function parseQuery(tokens: Tokens): Query {
  return tokens.nested(() => {
    const branches: { select: Select; operator: SetOperator | null }[] = []
    let top: number | null = null
    let operator: SetOperator | null = null
    do {
      tokens.expect('select')
      if (tokens.at('top') && tokens.peek(1).kind === 'number') {
        tokens.take()
        if (operator !== null) throw unsupported()
        top = integer(tokens)
      }
      branches.push({ select: selectAfterKeyword(tokens), operator })
      operator = setOperator(tokens)
    } while (operator !== null)
    if (top !== null && branches.length > 1) throw unsupported()

    const orderBy = tokens.accept('order', 'by') ? separated(tokens, order) : []
    let offset = 0
    if (tokens.accept('offset')) {
      offset = integer(tokens)
      if (!tokens.accept('rows')) tokens.expect('row')
    }
    let fetch = top
    if (tokens.accept('fetch')) {
      if (top !== null) throw unsupported()
      if (!tokens.accept('first')) tokens.expect('next')
      fetch = tokens.peek().kind === 'number' ? integer(tokens) : 1
      if (!tokens.accept('rows')) tokens.expect('row')
      tokens.expect('only')
    }
    return { branches, orderBy, offset, fetch }
  })
}

function setOperator(tokens: Tokens): SetOperator | null {
  if (tokens.accept('union', 'all')) return 'UNION ALL'
  if (tokens.accept('union')) return 'UNION'
  if (tokens.accept('intersect')) return 'INTERSECT'
  if (tokens.accept('minus')) return 'MINUS'
  return null
}

function selectAfterKeyword(tokens: Tokens): Select {
  const distinct = tokens.accept('distinct')
  if (!distinct) tokens.accept('all')
  const items = separated(tokens, item)
  tokens.expect('from')
  const from = [source(tokens, 'first')]
  for (;;) {
    if (tokens.accept(',')) {
      from.push(source(tokens, 'cross'))
      continue
    }
    const join = joinKind(tokens)
    if (join === null) break
    const joined = source(tokens, join)
    if (join === 'cross') {
      from.push(joined)
    } else {
      tokens.expect('on')
      from.push({ ...joined, on: parseExpression(tokens) })
    }
  }
  const where = tokens.accept('where') ? parseExpression(tokens) : null
  const groupBy = tokens.accept('group', 'by') ? separated(tokens, parseExpression) : []
  const having = tokens.accept('having') ? parseExpression(tokens) : null
  return { distinct, items, from, where, groupBy, having }
}

function joinKind(tokens: Tokens): From['join'] | null {
  if (tokens.accept('join') || tokens.accept('inner', 'join')) return 'inner'
  if (tokens.accept('cross', 'join')) return 'cross'
  for (const side of ['left', 'right', 'full'] as const) {
    if (tokens.accept(side, 'join') || tokens.accept(side, 'outer', 'join')) return side
  }
  return null
}

function item(tokens: Tokens): Item {
  if (tokens.accept('*')) return { kind: 'star', table: null }
  const [first, dot, star] = [tokens.peek(), tokens.peek(1), tokens.peek(2)]
  if (first.kind === 'name' && dot.kind === 'symbol' && dot.text === '.' && star.kind === 'symbol') {
    for (let i = 0; i < 3; i++) tokens.take()
    if (star.text !== '*') throw unsupported()
    return { kind: 'star', table: { text: first.text, shown: first.shown } }
  }
  const expression: Expression = parseExpression(tokens)
  const alias = tokens.accept('as') ? name(tokens) : optionalName(tokens)
  return { kind: 'item', expression, alias: alias?.text ?? null }
}

function source(tokens: Tokens, join: From['join']): From {
  if (tokens.accept('(')) {
    const query = parseQuery(tokens)
    tokens.expect(')')
    return { source: { kind: 'query', query }, alias: optionalName(tokens), join, on: null }
  }
  const table = name(tokens)
  // Oracle has no AS before a table's alias, SuiteQL takes it
  const alias = tokens.accept('as') ? name(tokens) : optionalName(tokens)
  return { source: { kind: 'table', name: table }, alias, join, on: null }
}

function order(tokens: Tokens): Order {
  const expression = parseExpression(tokens)
  const descending = tokens.accept('desc')
  if (!descending) tokens.accept('asc')
  const nulls = tokens.accept('nulls', 'first') ? 'first' : tokens.accept('nulls', 'last') ? 'last' : null
  return { expression, descending, nulls }
}

function optionalName(tokens: Tokens): Name | null {
  const token = tokens.peek()
  if (token.kind !== 'name' || (!token.quoted && RESERVED.has(token.text))) return null
  tokens.take()
  return { text: token.text, shown: token.shown }
}

function name(tokens: Tokens): Name {
  const found = optionalName(tokens)
  if (found === null) throw unsupported()
  return found
}

function integer(tokens: Tokens): number {
  const token = tokens.take()
  if (token.kind !== 'number' || !/^\d{1,9}$/.test(token.text)) throw unsupported()
  return Number(token.text)
}

function separated<T>(tokens: Tokens, parseOne: (tokens: Tokens) => T): T[] {
  const found = [parseOne(tokens)]
  while (tokens.accept(',')) found.push(parseOne(tokens))
  return found
}
