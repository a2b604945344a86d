import { aggregate, isAggregate } from './aggregates.ts'
import type { Expression } from './ast.ts'
import { compare } from './comparison.ts'
import { concatenated } from './concatenation.ts'
import { type Context, call, emit, today } from './context.ts'
import { alike, numberConstant, sameKind, toNumber, toWall } from './conversions.ts'
import { unsupported } from './errors.ts'
import { functionNamed } from './functions.ts'
import { resolve, type Scope } from './scope.ts'
import { computed, constant, isTemporal, type Value } from './value.ts'
import { wallOf } from './zones.ts'

/** The database's own clock runs in this zone, whatever the account's. */
const SERVER_ZONE = 'America/Los_Angeles'

export function compileValue(context: Context, node: Expression, scope: Scope): Value {
  const value = (expression: Expression): Value => context.value(expression, scope)
  switch (node.kind) {
    case 'text':
      return constant('text', node.text, true)
    case 'number':
      return numberConstant(node.text, true)
    case 'null':
      return constant('null', null)
    case 'parameter':
      return constant('text', context.parameters[node.index] ?? null)
    case 'column':
      return (
        (node.table === null ? pseudoColumn(context, node.name.text, scope) : null) ??
        resolve(context, scope, node.table, node.name)
      )
    case 'countAll':
      return aggregate(context, 'count', [], false, scope)
    case 'call': {
      if (isAggregate(node.name)) return aggregate(context, node.name, node.args, node.distinct, scope)
      const work = functionNamed(node.name)
      if (work === null || node.distinct) throw unsupported()
      return work(context, node.args.map(value))
    }
    case 'arithmetic':
      return node.op === '||'
        ? concatenated(context, value(node.left), value(node.right))
        : arithmetic(context, node.op, value(node.left), value(node.right))
    case 'negative':
      return arithmetic(context, '-', constant('integer', 0, true), value(node.operand))
    case 'case':
      return cases(context, node, scope)
    case 'subquery': {
      const { sql, columns } = context.query(node.query, scope)
      const [column] = columns
      if (column === undefined || columns.length > 1) throw unsupported()
      const alias = context.alias()
      return computed(
        column.type,
        `(SELECT ns_one(count(*), min(${alias}.${column.sql})) FROM (${sql}) ${alias})`,
        zoned(column.zone),
      )
    }
    default:
      throw unsupported()
  }
}

function zoned(zone: string | undefined): Partial<Value> {
  return zone === undefined ? {} : { zone }
}

function pseudoColumn(context: Context, name: string, scope: Scope): Value | null {
  switch (name) {
    case 'sysdate':
      return constant('wall', wallOf(SERVER_ZONE, context.now))
    case 'current_date':
    case 'localtimestamp':
      return constant('wall', today(context))
    case 'systimestamp':
      return { ...constant('instant', context.now), zone: SERVER_ZONE }
    case 'current_timestamp':
      return constant('instant', context.now)
    case 'rownum':
      if (scope.capture === null) throw unsupported()
      scope.capture.rownum = true
      return computed('integer', `${scope.capture.alias}."rownum"`, { nullable: false })
    default:
      return null
  }
}

const EXACT = { '+': 'ns_add', '-': 'ns_subtract', '*': 'ns_multiply', '/': 'ns_divide' } as const

function arithmetic(context: Context, op: '+' | '-' | '*' | '/', left: Value, right: Value): Value {
  if (isTemporal(left) || isTemporal(right)) return dateArithmetic(context, op, left, right)
  const [a, b] = [toNumber(context, left), toNumber(context, right)]
  if (a.type === 'null' || b.type === 'null') return constant('null', null)
  const result = call(context, EXACT[op], 'decimal', [a, b])
  return result.constant === undefined
    ? result
    : numberConstant(String(result.constant), a.literal === true && b.literal === true)
}

/** Days are the unit: `SYSDATE - 7`, `duedate - trandate`. */
function dateArithmetic(context: Context, op: '+' | '-' | '*' | '/', left: Value, right: Value): Value {
  if (op !== '+' && op !== '-') throw unsupported()
  if (isTemporal(left) && isTemporal(right)) {
    if (op === '+') throw unsupported()
    return call(context, 'ns_days_between', 'decimal', [toWall(context, left), toWall(context, right)])
  }
  if (!isTemporal(left) && op === '-') throw unsupported()
  const [date, days] = isTemporal(left) ? [left, right] : [right, left]
  const number = toNumber(context, days)
  const signed = op === '-' ? call(context, 'ns_subtract', 'decimal', [constant('integer', 0, true), number]) : number
  return call(context, 'ns_add_days', 'wall', [toWall(context, date), signed])
}

function cases(context: Context, node: Expression & { kind: 'case' }, scope: Scope): Value {
  const operand = node.operand === null ? null : context.value(node.operand, scope)
  const results = node.branches.map(({ result }) => context.value(result, scope))
  results.push(node.otherwise === null ? constant('null', null) : context.value(node.otherwise, scope))
  if (!sameKind(results)) throw unsupported()
  const { type, values } = alike(context, results)
  const branches = node.branches.map(({ when }, at) => {
    const condition =
      operand === null
        ? context.condition(when, scope, true)
        : compare(context, '=', operand, context.value(when, scope))
    return `WHEN ${condition.sql} THEN ${emit(context, values[at] ?? constant('null', null))}`
  })
  const otherwise = emit(context, values[values.length - 1] ?? constant('null', null))
  return computed(type, `CASE ${branches.join(' ')} ELSE ${otherwise} END`)
}
