import type { Findings, Issue, LineOutcome, WriteField } from '../../../core/index.ts'
import type { Row } from '../values.ts'
import { BOTH, idIn, type Mapped, namesOf, partsIn, rulesOf, valuesOf } from './mapped.ts'
import { idText, isSame, rowsIn, type Values } from './native-values.ts'
import { ignored } from './refusals.ts'
import type { Sent } from './sent.ts'

/** Parts that a work order uses: a part is there once, whatever it is taken from. */
const TABLE: readonly Mapped[] = [
  { field: 'item_id', native: 'partId', kind: { record: 'item' }, on: BOTH, required: true },
  { field: 'quantity_used', native: 'quantityUsed', kind: 'whole', on: BOTH, required: true },
  { field: 'location_id', native: 'locationId', kind: { record: 'location' }, on: BOTH },
]

export const PART_NAMES = namesOf(TABLE)
export const PART_FIELDS: readonly WriteField[] = rulesOf(TABLE, '/workorders partsUsed[]', 'parts[].')

interface PartLine {
  readonly body: Values
  readonly part: string
  readonly at: string
  readonly ref: string | null
}

export interface Parts {
  /** All that the order is to use: MaintainX does not say what becomes of those left out. */
  readonly items: readonly Values[]
  /** Where each of them stands in the command; null = it was not in it. */
  readonly at: readonly (string | null)[]
  readonly given: readonly PartLine[]
  readonly removed: readonly { readonly part: string; readonly at: string }[]
}

/** null = the command says nothing of parts. */
export function partsOf(sent: Sent, target: string | null, record: Row | null, findings: Findings): Parts | null {
  const lines = sent.lines('parts')
  if (lines.length === 0) return null
  const rows = rowsIn(record, 'parts')
  const given: PartLine[] = []
  const removed: { part: string; at: string }[] = []
  for (const line of lines) {
    const part = partIn(line, target, findings)
    if (part === null) continue
    if (line.text('action') === 'DELETE') removed.push({ part, at: line.at })
    else {
      const row = rows.find((each) => idText(each['id']) === part)
      if (row === undefined && line.text('quantity_used') === null)
        findings.add(`${line.at}quantity_used`, 'REQUIRED', 'must be given')
      given.push({ body: valuesOf(TABLE, line, findings), part, at: line.at, ref: line.text('line_ref') })
    }
  }
  const items: Values[] = []
  const at: (string | null)[] = []
  for (const row of rows) {
    const part = idText(row['id']) ?? ''
    if (removed.some((each) => each.part === part)) continue
    const change = given.find((each) => each.part === part)
    const there = { partId: Number(part), quantityUsed: row['quantityUsed'] ?? 0 }
    const place = row['locationId'] ?? null
    items.push({ ...there, ...(place === null ? {} : { locationId: place }), ...change?.body })
    at.push(change?.at ?? null)
  }
  for (const line of given)
    if (!rows.some((row) => idText(row['id']) === line.part)) {
      items.push({ partId: Number(line.part), ...line.body })
      at.push(line.at)
    }
  return { items, at, given, removed }
}

/** The part that a line is about: by its own id, else by the line's, which ends in it. */
function partIn(line: Sent, target: string | null, findings: Findings): string | null {
  const item = idIn(line, 'item_id', 'item', findings)
  const parts = partsIn(line, 'line_id', 'work_order_part', findings)
  if (line.text('line_id') === null) {
    if (line.text('item_id') === null) findings.add(`${line.at}item_id`, 'REQUIRED', 'must be given')
    return item === null ? null : String(item)
  }
  if (parts === null) return null
  const part = parts[1] ?? ''
  if (parts[0] !== target || !/^\d{1,15}$/.test(part)) {
    findings.add(`${line.at}line_id`, 'NOT_FOUND', `work order ${target} has no part ${part}`)
    return null
  }
  if (item !== null && String(item) !== part)
    findings.add(`${line.at}item_id`, 'INVALID_VALUE', `the line is about part ${part}; remove it and add another`)
  return part
}

export function missingParts({ given, removed }: Parts, record: Row): readonly Issue[] {
  const rows = rowsIn(record, 'parts')
  const rowOf = (part: string) => rows.find((row) => idText(row['id']) === part)
  return [
    ...given.flatMap(({ body, part, at }) => {
      const row = rowOf(part)
      if (row === undefined) return [ignored(`${at}item_id`, 'parts')]
      return Object.entries(body).flatMap(([native, value]) =>
        native === 'partId' || isSame(value, row[native])
          ? []
          : [ignored(`${at}${PART_NAMES[native] ?? 'item_id'}`, `parts.${native}`)],
      )
    }),
    ...removed.flatMap(({ part, at }) => (rowOf(part) === undefined ? [] : [ignored(`${at}line_id`, 'parts')])),
  ]
}

export const partLines = ({ given }: Parts, order: string): readonly LineOutcome[] =>
  given.map(({ ref, part }) => ({ lineRef: ref, lineKey: `${order}|${part}`, lineNumber: null }))
