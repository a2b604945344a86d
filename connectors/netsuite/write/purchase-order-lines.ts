import {
  type Findings,
  type Issue,
  issue,
  type JsonObject,
  type LineOutcome,
  type WriteRequest,
} from '../../../core/index.ts'
import type { NetSuiteSession } from '../session.ts'
import { type Row, text } from '../values.ts'
import { rowsIn, setting, shownId } from './forms.ts'
import { type Values, valuesOf } from './mapped.ts'
import { exactNumber, isSame } from './native-values.ts'
import { LINE, LINE_NAMES } from './purchase-order-fields.ts'
import { ignored } from './records.ts'
import type { Names } from './refusals.ts'
import { idIn } from './references.ts'
import type { Sent } from './sent.ts'
import { type Goods, goodsOf, type Unit, unitIn } from './units.ts'

/** A line of a body, and where it stands in the command. */
export interface Line {
  readonly body: Values
  /** `lines[2].` */
  readonly at: string
  readonly ref: string | null
}

/** Items of the lines; those that NetSuite does not show are told in the findings. */
export async function goodsIn(
  session: NetSuiteSession,
  lines: readonly Sent[],
  others: readonly (string | null)[],
  findings: Findings,
  signal: AbortSignal,
): Promise<Goods> {
  const named = lines.map((line) => idIn(line, 'item_id', 'item', findings))
  const goods = await goodsOf(
    session,
    [...named, ...others].filter((id) => id !== null),
    signal,
  )
  for (const [at, id] of named.entries())
    if (id !== null && !goods.items.has(id))
      findings.add(`${lines[at]?.at}item_id`, 'INVALID_REFERENCE', `NetSuite shows no item ${id} to this role`)
  return goods
}

export async function newLine(
  session: NetSuiteSession,
  sent: Sent,
  goods: Goods,
  header: { readonly location: Values[string] | undefined; readonly expected: string | null },
  { mapping }: Pick<WriteRequest, 'mapping'>,
  findings: Findings,
  signal: AbortSignal,
): Promise<Line> {
  const { config } = session
  const custom = sent.custom(findings)
  if (sent.text('line_id') !== null) findings.add(`${sent.at}line_id`, 'INVALID_COMMAND', 'a new line has no id yet')
  for (const field of ['item_id', 'quantity_ordered'])
    if (sent.text(field) === null) findings.add(`${sent.at}${field}`, 'REQUIRED', 'must be given')
  const item = goods.items.get(idIn(sent, 'item_id', 'item', findings) ?? '')
  const unit = unitIn(sent, item, goods, mapping, findings)
  const expected = sent.cleared('expected_date') ? null : header.expected
  const body = {
    ...(header.location === undefined ? {} : { location: header.location }),
    ...setting('department', config.department),
    ...setting('class', config.class),
    ...setting('taxCode', config.tax_code),
    ...(expected === null ? {} : { expectedReceiptDate: expected }),
    ...quantityOf(sent, findings),
    ...(unit === null ? {} : { units: { id: unit.id } }),
    ...(await valuesOf(session, LINE, sent, findings, signal)),
    ...custom,
  }
  return { body, at: sent.at, ref: sent.text('line_ref') }
}

/** What a line that is there gets, without its number. */
export async function changedLine(
  session: NetSuiteSession,
  sent: Sent,
  row: Row,
  goods: Goods,
  { mapping }: Pick<WriteRequest, 'mapping'>,
  findings: Findings,
  signal: AbortSignal,
): Promise<Values> {
  const item = goods.items.get(idIn(sent, 'item_id', 'item', findings) ?? shownId(row, 'item') ?? '')
  const isCounted = ['unit', 'source_unit'].some((field) => sent.text(field) !== null)
  const unit = isCounted ? unitIn(sent, item, goods, mapping, findings) : null
  return {
    ...quantityOf(sent, findings),
    ...unitsOf(unit),
    ...(await valuesOf(session, LINE, sent, findings, signal)),
    ...sent.custom(findings),
  }
}

const unitsOf = (unit: Unit | null): Values => (unit === null ? {} : { units: { id: unit.id } })

function quantityOf(sent: Sent, findings: Findings): Values {
  const given = sent.text('quantity_ordered')
  if (given === null) return {}
  const quantity = exactNumber(given)
  if (quantity === null)
    findings.add(`${sent.at}quantity_ordered`, 'PRECISION_LOSS', `${given} has more digits than NetSuite takes`)
  return quantity === null ? {} : { quantity }
}

export const numberOf = (row: Row | undefined): string | null => text(row?.['line'])

/** Values that a line of the record does not have. */
export function lineIssues(
  body: Values,
  row: Row | undefined,
  at: string,
  fields: Names['fields'] = LINE_NAMES,
): readonly Issue[] {
  if (row === undefined) return [issue(`${at}line_id`, 'SYSTEM_ERROR', 'NetSuite does not show this line')]
  return Object.entries(body).flatMap(([native, value]) =>
    isSame(value, row[native]) ? [] : [ignored(`${at}${fields[native] ?? 'custom_fields'}`, native)],
  )
}

/** A line that nobody asked for. */
export const uninvited = (row: Row): Issue =>
  issue('lines', 'SYSTEM_ERROR', `NetSuite has added line ${numberOf(row)}, which nobody asked for`, {
    nativeField: 'item.items',
  })

/** Lines of a record that are none of those known before, in their order. */
export const newRows = (record: JsonObject, known: ReadonlySet<string>): readonly Row[] =>
  rowsIn(record, 'item').filter((row) => !known.has(numberOf(row) ?? ''))

/** @param rows of the record, in the order of the lines that made them */
export const outcomesOf = (lines: readonly Line[], rows: readonly Row[], id: string): readonly LineOutcome[] =>
  lines.flatMap(({ ref }, at) => {
    const number = numberOf(rows[at])
    return number === null ? [] : [{ lineRef: ref, lineKey: `${id}|${number}`, lineNumber: number }]
  })
