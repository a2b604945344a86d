import type { Comparison, Expression, Query } from './ast.ts'
import { unsupported } from './errors.ts'
import { RESERVED, type Tokens } from './tokens.ts'

const COMPARISONS: { readonly [symbol: string]: Comparison } = {
  '=': '=',
  '<>': '<>',
  '!=': '<>',
  '^=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
}

/** The database takes no longer list. */
const MAX_LIST = 1000

/** Operators in a row; more would be too deep for the compiler. */
const MAX_CHAIN = 500

/** From the loosest to the tightest: OR, AND, NOT, predicates, `+ - ||`, `* /`, signs. */
export function parseExpression(tokens: Tokens): Expression {
  return tokens.nested(() => chain(tokens, 'or', () => chain(tokens, 'and', () => negation(tokens))))
}

function chain(tokens: Tokens, kind: 'and' | 'or', parseOne: () => Expression): Expression {
  const operands = [parseOne()]
  while (tokens.accept(kind)) operands.push(parseOne())
  const [only] = operands
  return operands.length === 1 && only !== undefined ? only : { kind, operands }
}

function negation(tokens: Tokens): Expression {
  if (tokens.accept('not')) return { kind: 'not', operand: tokens.nested(() => negation(tokens)) }
  return predicate(tokens)
}

function predicate(tokens: Tokens): Expression {
  const operand = sum(tokens)
  const symbol = tokens.peek()
  if (symbol.kind === 'symbol') {
    const op = COMPARISONS[symbol.text]
    if (op !== undefined) {
      tokens.take()
      return { kind: 'compare', op, left: operand, right: sum(tokens) }
    }
  }
  if (tokens.accept('is')) {
    const negated = tokens.accept('not')
    tokens.expect('null')
    return { kind: 'isNull', operand, negated }
  }
  const negated = tokens.accept('not')
  if (tokens.accept('in')) return { kind: 'in', operand, list: list(tokens), negated }
  if (tokens.accept('between')) {
    const low = sum(tokens)
    tokens.expect('and')
    return { kind: 'between', operand, low, high: sum(tokens), negated }
  }
  if (tokens.accept('like')) {
    const pattern = sum(tokens)
    return { kind: 'like', operand, pattern, escape: tokens.accept('escape') ? sum(tokens) : null, negated }
  }
  if (negated) throw unsupported()
  return operand
}

function list(tokens: Tokens): readonly Expression[] | Query {
  tokens.expect('(')
  if (tokens.at('select')) {
    const query = tokens.query()
    tokens.expect(')')
    return query
  }
  const found = [sum(tokens)]
  while (tokens.accept(',')) found.push(sum(tokens))
  tokens.expect(')')
  if (found.length > MAX_LIST) throw unsupported()
  return found
}

function sum(tokens: Tokens): Expression {
  let left = product(tokens)
  for (let length = 0; length < MAX_CHAIN; length++) {
    const op = tokens.accept('+') ? '+' : tokens.accept('-') ? '-' : tokens.accept('||') ? '||' : null
    if (op === null) return left
    left = { kind: 'arithmetic', op, left, right: product(tokens) }
  }
  throw unsupported()
}

function product(tokens: Tokens): Expression {
  let left = signed(tokens)
  for (let length = 0; length < MAX_CHAIN; length++) {
    const op = tokens.accept('*') ? '*' : tokens.accept('/') ? '/' : null
    if (op === null) return left
    left = { kind: 'arithmetic', op, left, right: signed(tokens) }
  }
  throw unsupported()
}

function signed(tokens: Tokens): Expression {
  if (tokens.accept('-')) return { kind: 'negative', operand: tokens.nested(() => signed(tokens)) }
  if (tokens.accept('+')) return tokens.nested(() => signed(tokens))
  return primary(tokens)
}

function primary(tokens: Tokens): Expression {
  const token = tokens.take()
  if (token.kind === 'string') return { kind: 'text', text: token.text }
  if (token.kind === 'number') return { kind: 'number', text: token.text }
  if (token.kind === 'symbol') {
    if (token.text === '?') return { kind: 'parameter', index: tokens.nextParameter() }
    if (token.text !== '(') throw unsupported()
    if (tokens.at('select')) {
      const query = tokens.query()
      tokens.expect(')')
      return { kind: 'subquery', query }
    }
    const inner = parseExpression(tokens)
    tokens.expect(')')
    return inner
  }
  if (token.kind !== 'name') throw unsupported()
  const name = { text: token.text, shown: token.shown }
  if (!token.quoted) {
    if (token.text === 'null') return { kind: 'null' }
    if (token.text === 'case') return cases(tokens)
    if (token.text === 'exists') {
      tokens.expect('(')
      const query = tokens.query()
      tokens.expect(')')
      return { kind: 'exists', query }
    }
    if (RESERVED.has(token.text)) throw unsupported()
  }
  if (tokens.accept('.')) {
    const member = tokens.take()
    if (member.kind !== 'name') throw unsupported()
    if (name.text === 'builtin') return call(tokens, `builtin.${member.text}`)
    return { kind: 'column', table: name, name: { text: member.text, shown: member.shown } }
  }
  if (!token.quoted && tokens.at('(')) return call(tokens, name.text)
  return { kind: 'column', table: null, name }
}

function call(tokens: Tokens, name: string): Expression {
  tokens.expect('(')
  if (name === 'count' && tokens.accept('*', ')')) return { kind: 'countAll' }
  if (tokens.accept(')')) return { kind: 'call', name, args: [], distinct: false }
  const distinct = tokens.accept('distinct')
  const args = [parseExpression(tokens)]
  while (tokens.accept(',')) args.push(parseExpression(tokens))
  tokens.expect(')')
  return { kind: 'call', name, args, distinct }
}

function cases(tokens: Tokens): Expression {
  return tokens.nested(() => {
    const operand = tokens.at('when') ? null : sum(tokens)
    const branches: { when: Expression; result: Expression }[] = []
    while (tokens.accept('when')) {
      const when = operand === null ? parseExpression(tokens) : sum(tokens)
      tokens.expect('then')
      branches.push({ when, result: sum(tokens) })
    }
    const otherwise = tokens.accept('else') ? sum(tokens) : null
    tokens.expect('end')
    if (branches.length === 0) throw unsupported()
    return { kind: 'case', operand, branches, otherwise }
  })
}
