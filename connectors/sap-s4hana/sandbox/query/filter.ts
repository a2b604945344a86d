import { badRequest } from '../errors.ts'
import type { EntityType, Property } from '../model.ts'
import { syntaxError, type Token, tokenize } from './lexer.ts'
import type { Literal } from './literals.ts'

export type Comparison = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le'
export type Call = 'substringof' | 'startswith' | 'endswith' | 'tolower' | 'toupper'

export type Expression =
  | { readonly kind: 'literal'; readonly literal: Literal }
  | { readonly kind: 'property'; readonly property: Property }
  | { readonly kind: 'compare'; readonly op: Comparison; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'not'; readonly operand: Expression }
  | { readonly kind: 'call'; readonly name: Call; readonly args: readonly Expression[] }

const COMPARISONS = new Set(['eq', 'ne', 'gt', 'ge', 'lt', 'le'])
const ARGUMENTS: { readonly [name in Call]: number } = {
  substringof: 2,
  startswith: 2,
  endswith: 2,
  tolower: 1,
  toupper: 1,
}
/** Deeper than anybody writes by hand; a parser on the stack must stop somewhere. */
const DEEPEST = 250

/**
 * `$filter` of OData V2, by recursive descent: or < and < not < comparison < call, property, literal, parentheses.
 * @throws SapError 400 for anything it cannot read: a filter is never ignored
 */
export function parseFilter(text: string, type: EntityType): Expression {
  const tokens = tokenize(text)
  let next = 0
  let depth = 0

  const peek = (): Token => tokens[next] as Token
  const isWord = (...words: string[]): boolean => {
    const token = peek()
    return token.kind === 'word' && words.includes(token.text)
  }
  function expect(kind: Token['kind']): void {
    if (peek().kind !== kind) throw syntaxError(peek().at)
    next++
  }

  function or(): Expression {
    if (++depth > DEEPEST) throw syntaxError(peek().at)
    let left = and()
    while (isWord('or')) {
      next++
      left = { kind: 'or', left, right: and() }
    }
    depth--
    return left
  }

  function and(): Expression {
    let left = not()
    while (isWord('and')) {
      next++
      left = { kind: 'and', left, right: not() }
    }
    return left
  }

  function not(): Expression {
    if (!isWord('not')) return comparison()
    if (++depth > DEEPEST) throw syntaxError(peek().at)
    next++
    const operand = not()
    depth--
    return { kind: 'not', operand }
  }

  function comparison(): Expression {
    const left = primary()
    const token = peek()
    if (token.kind !== 'word' || !COMPARISONS.has(token.text)) return left
    next++
    return { kind: 'compare', op: token.text as Comparison, left, right: primary() }
  }

  function primary(): Expression {
    const token = peek()
    next++
    switch (token.kind) {
      case 'literal':
        return { kind: 'literal', literal: token.literal }
      case '(': {
        const inner = or()
        expect(')')
        return inner
      }
      case 'word':
        return peek().kind === '(' ? call(token.text, token.at) : { kind: 'property', property: property(token.text) }
      default:
        throw syntaxError(token.at)
    }
  }

  function call(name: string, at: number): Expression {
    const count = ARGUMENTS[name as Call]
    if (count === undefined) {
      throw badRequest('/IWCOR/CX_DS_EXPR_SYNTAX_ERROR', `Function ${name} is not supported (position ${at})`)
    }
    expect('(')
    const args: Expression[] = [or()]
    while (peek().kind === ',') {
      next++
      args.push(or())
    }
    expect(')')
    if (args.length !== count) throw syntaxError(at)
    return { kind: 'call', name: name as Call, args }
  }

  function property(name: string): Property {
    const found = type.properties.get(name)
    if (found === undefined) throw unknownProperty(name, type)
    if (!found.filterable) {
      throw badRequest('/IWBEP/CM_MGW_RT/178', `Property '${name}' is not filterable`)
    }
    return found
  }

  const expression = or()
  if (peek().kind !== 'end') throw syntaxError(peek().at)
  return expression
}

export function unknownProperty(name: string, type: EntityType): Error {
  return badRequest('/IWBEP/CM_MGW_RT/021', `Property ${name} not found in type ${type.name}`)
}
