import { type Findings, type Issue, issue, type Json, type LineOutcome } from '../../../core/index.ts'
import { isRow, type Row } from '../values.ts'
import { partsIn, valuesOf } from './mapped.ts'
import { idText, isSame, rowsIn, type Values } from './native-values.ts'
import { LINE, LINE_NAMES } from './purchase-order-fields.ts'
import { ignored } from './refusals.ts'
import type { Sent } from './sent.ts'

/** An item of a body, and where it stands in the command. */
export interface Line {
  readonly body: Values
  /** `lines[2].` */
  readonly at: string
  readonly ref: string | null
}

/** What the command says of a line; the labels of its custom fields are beside native ones. */
export function lineOf(sent: Sent, findings: Findings): Line {
  const body = valuesOf(LINE, sent, findings)
  const custom = Object.entries(sent.custom(findings)).map(([label, value]) => [label, labelled(value)])
  return {
    body: custom.length === 0 ? body : { ...body, lineExtraFields: Object.fromEntries(custom) as Values },
    at: sent.at,
    ref: sent.text('line_ref'),
  }
}

const labelled = (value: Json): string =>
  value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)

export function newLine(sent: Sent, findings: Findings): Line {
  if (sent.text('line_id') !== null) findings.add(`${sent.at}line_id`, 'INVALID_COMMAND', 'a new line has no id yet')
  if (sent.text('quantity_ordered') === null) findings.add(`${sent.at}quantity_ordered`, 'REQUIRED', 'must be given')
  if (sent.text('item_id') === null && sent.text('description') === null)
    findings.add(`${sent.at}item_id`, 'REQUIRED', 'a line has an item or a description')
  return lineOf(sent, findings)
}

export interface LineChanges {
  /** All items that the order is to have: MaintainX does not say what becomes of those left out. */
  readonly items: readonly Values[]
  /** Where each of them stands in the command; null = it was not in it. */
  readonly at: readonly (string | null)[]
  readonly changed: readonly (Line & { readonly id: string })[]
  readonly removed: readonly { readonly id: string; readonly at: string }[]
  readonly added: readonly Line[]
}

/** What the command makes of the order's items. `known`: those that were there before the first attempt. */
export function lineChanges(
  given: readonly Sent[],
  target: string,
  rows: readonly Row[],
  known: ReadonlySet<string>,
  findings: Findings,
): LineChanges {
  const changed: (Line & { id: string })[] = []
  const removed: { id: string; at: string }[] = []
  const added: Line[] = []
  for (const sent of given) {
    if (sent.text('line_id') === null) {
      added.push(newLine(sent, findings))
      continue
    }
    const [order, id = ''] = partsIn(sent, 'line_id', 'purchase_order_line', findings) ?? []
    if (order === undefined) continue
    const isDeletion = sent.text('action') === 'DELETE'
    const isThere = order === target && rows.some((row) => idText(row['id']) === id)
    if (isDeletion) removed.push({ id, at: sent.at })
    else if (isThere) changed.push({ ...lineOf(sent, findings), id })
    if (!isThere && !(isDeletion && order === target && known.has(id)))
      findings.add(`${sent.at}line_id`, 'NOT_FOUND', `order ${target} has no line ${id}`)
  }
  const items: Values[] = []
  const at: (string | null)[] = []
  for (const row of rows) {
    const id = idText(row['id']) ?? ''
    if (removed.some((each) => each.id === id)) continue
    const change = changed.find((each) => each.id === id)
    items.push(merged(row, change?.body ?? {}))
    at.push(change?.at ?? null)
  }
  const made = madeOf(added, freshIn(rows, known))
  for (const [index, line] of added.entries()) {
    if (made[index] !== undefined) continue
    items.push(line.body)
    at.push(line.at)
  }
  return { items, at, changed, removed, added }
}

/** What an item keeps; what was received of it is not written here. */
function merged(row: Row, change: Values): Values {
  const kept = ['id', 'partId', 'name', 'partNumber', 'quantityOrdered', 'unitCost'].flatMap((name) =>
    row[name] === undefined || row[name] === null ? [] : [[name, row[name]]],
  )
  const price = row['price'] ?? null
  // a price of the whole would contradict a new price of one
  const whole =
    price !== null && (row['unitCost'] ?? null) === null && change['unitCost'] === undefined ? { price } : {}
  const [extra, more] = [row['lineExtraFields'], change['lineExtraFields']]
  const labels = { ...(isRow(extra) ? extra : {}), ...(isRow(more) ? more : {}) }
  return {
    ...(Object.fromEntries(kept) as Values),
    ...whole,
    ...change,
    ...(Object.keys(labels).length === 0 ? {} : { lineExtraFields: labels }),
  }
}

/** Items that were not there before the first attempt. */
const freshIn = (rows: readonly Row[], known: ReadonlySet<string>): readonly Row[] =>
  rows.filter((row) => !known.has(idText(row['id']) ?? ''))

/** The new item that each line has made, by what it says; others add lines as well. */
function madeOf(added: readonly Line[], fresh: readonly Row[]): readonly (Row | undefined)[] {
  const left = [...fresh]
  return added.map(({ body, at }) => {
    const index = left.findIndex((row) => lineIssues(body, row, at).length === 0)
    return index < 0 ? undefined : left.splice(index, 1)[0]
  })
}

/** What the order has otherwise than the command wants it. */
export function missingLines(
  { changed, removed, added }: LineChanges,
  record: Row,
  known: ReadonlySet<string>,
): readonly Issue[] {
  const rows = rowsIn(record, 'items')
  const rowOf = (id: string) => rows.find((row) => idText(row['id']) === id)
  const made = madeOf(added, freshIn(rows, known))
  return [
    ...changed.flatMap(({ id, body, at }) => lineIssues(body, rowOf(id), at)),
    ...removed.flatMap(({ id, at }) =>
      rowOf(id) === undefined
        ? []
        : [issue(`${at}line_id`, 'STATE_NOT_ALLOWED', 'MaintainX keeps the line', { nativeField: 'items' })],
    ),
    ...added.flatMap(({ body, at }, index) => (made[index] === undefined ? lineIssues(body, undefined, at) : [])),
  ]
}

export function lineIssues(body: Values, row: Row | undefined, at: string): readonly Issue[] {
  if (row === undefined) return [ignored(`${at}item_id`, 'items')]
  return Object.entries(body).flatMap(([native, value]) =>
    isSame(value, row[native]) ? [] : [ignored(`${at}${LINE_NAMES[native] ?? 'custom_fields'}`, `items.${native}`)],
  )
}

/** What became of each line that the command named or added. */
export function outcomesOf(
  { changed, added }: Pick<LineChanges, 'changed' | 'added'>,
  record: Row,
  order: string,
  known: ReadonlySet<string>,
): readonly LineOutcome[] {
  const made = madeOf(added, freshIn(rowsIn(record, 'items'), known))
  const outcome = (ref: string | null, id: string | null) =>
    id === null ? [] : [{ lineRef: ref, lineKey: `${order}|${id}`, lineNumber: null }]
  return [
    ...changed.flatMap(({ ref, id }) => outcome(ref, id)),
    ...added.flatMap(({ ref }, index) => outcome(ref, idText(made[index]?.['id']))),
  ]
}
