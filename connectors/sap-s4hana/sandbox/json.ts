import type { Property } from './model.ts'
import type { Fetched, Plan } from './plan.ts'
import { translateStatus } from './status-language.ts'
import { type Display, etagOf, keyPredicate, serviceRoot, shownText } from './values.ts'
import type { Cell } from './table.ts'

/** A date that stands in place of a row's own: `at` = its column, `key` = first key of the row. */
export interface PlantedDate {
  readonly set: string
  readonly key: string
  readonly property: string
}

export interface JsonOptions {
  readonly display: Display
  readonly invalidDate: PlantedDate | null
  /** Nested lists are shown empty: the answer to a create that forgets what it made. */
  readonly emptyLists?: boolean
}

/** V2 JSON of every row, as text. Made for pages of thousands of rows: one pass, no object per row. */
export function rowsJson(fetched: Fetched, options: JsonOptions): string[] {
  const { plan, rows } = fetched
  const head = entityHead(plan, options.display)
  const properties = propertiesEncoder(plan, options)
  const links = plan.links.map((link, n) => {
    const below = fetched.below[n] ?? null
    return {
      name: JSON.stringify(link.navigation.name),
      segment: link.navigation.name,
      many: link.navigation.many,
      counts: below === null ? null : below.counts,
      texts: below === null ? [] : rowsJson(below.fetched, options),
      next: 0,
    }
  })
  const texts: string[] = []
  for (let n = 0; n < rows.length; n++) {
    const row = rows[n] as readonly Cell[]
    const uri = head.uri(row)
    let text = head.open(uri, row) + properties(row)
    for (const link of links) {
      if (link.counts === null) {
        text += `,${link.name}:{"__deferred":{"uri":"${uri}/${link.segment}"}}`
        continue
      }
      const count = link.counts[n] ?? 0
      const found =
        count === 1 ? (link.texts[link.next] ?? '') : link.texts.slice(link.next, link.next + count).join(',')
      link.next += count
      if (link.many) text += `,${link.name}:{"results":[${options.emptyLists === true ? '' : found}]}`
      else text += `,${link.name}:${found === '' ? 'null' : found}`
    }
    texts.push(`${text}}`)
  }
  return texts
}

/** Address and `__metadata` of a row. */
function entityHead(plan: Plan, display: Display) {
  const root = `${display.origin}${serviceRoot(plan.set.model)}/${plan.set.name}`
  const type = JSON.stringify(plan.set.type.qualifiedName)
  const uri = (row: readonly Cell[]) => uriOf(root, plan, row, display)
  const open = (address: string, row: readonly Cell[]) => {
    const etag =
      plan.stamps.length === 0 ? '' : `,"etag":${JSON.stringify(etagOf(plan.stamps.map(({ at }) => row[at] ?? null)))}`
    return `{"__metadata":{"id":"${address}","uri":"${address}","type":${type}${etag}}`
  }
  return { uri, open }
}

export function uriOf(root: string, plan: Plan, row: readonly Cell[], display: Display): string {
  return (
    root +
    keyPredicate(
      plan.keys.map(({ property, at }) => ({ property, cell: row[at] ?? null })),
      display,
    )
  )
}

/**
 * `,"Name":value` for every shown property. Most values of most rows are initial: a run of them is one ready text,
 * which spares the garbage collector most of its work.
 */
function propertiesEncoder(plan: Plan, options: JsonOptions): (row: readonly Cell[]) => string {
  const columns = plan.shown.map(({ property, at }) => {
    const name = `,${JSON.stringify(property.name)}:`
    const value = valueEncoder(property, options.display)
    const planted = options.invalidDate?.set === plan.set.name && options.invalidDate.property === property.name
    const initial = planted ? undefined : (INITIAL_CELLS[property.type] ?? null)
    return { at, name, value, planted, initial, initialText: initial === undefined ? '' : name + value(initial) }
  })
  const badKey = options.invalidDate?.key
  const keyAt = plan.keys[0]?.at ?? 0
  const width = columns.length + 1
  const runs: string[] = []

  const run = (from: number, to: number) =>
    (runs[from * width + to] ??= columns
      .slice(from, to)
      .map(({ initialText }) => initialText)
      .join(''))

  return (row) => {
    let text = ''
    let from = -1
    for (let n = 0; n < columns.length; n++) {
      const column = columns[n] as (typeof columns)[number]
      const cell = row[column.at] ?? null
      if (cell === column.initial) {
        if (from < 0) from = n
        continue
      }
      if (from >= 0) {
        text += run(from, n)
        from = -1
      }
      text += column.name
      text += column.planted && row[keyAt] === badKey ? '"/Date(99999999999999999)/"' : column.value(cell)
    }
    return from < 0 ? text : text + run(from, columns.length)
  }
}

const INITIAL_CELLS: { readonly [type: string]: Cell } = {
  'Edm.String': '',
  'Edm.Decimal': '0',
  'Edm.Boolean': 0,
  'Edm.Int16': 0,
  'Edm.Int32': 0,
  'Edm.Time': 'PT00H00M00S',
}

/** JSON text of a property's cells. */
export function valueEncoder(property: Property, display: Display): (cell: Cell) => string {
  switch (property.type) {
    case 'Edm.Boolean':
      return (cell) => (cell === null ? 'null' : cell === 1 ? 'true' : 'false')
    case 'Edm.DateTime':
      return (cell) => (typeof cell === 'number' ? `"/Date(${cell})/"` : JSON.stringify(cell))
    case 'Edm.DateTimeOffset':
      return (cell) => (typeof cell === 'number' ? `"/Date(${cell}+0000)/"` : JSON.stringify(cell))
    case 'Edm.Decimal':
      if (!display.decimalPadding) return (cell) => (cell === null ? 'null' : `"${cell}"`)
      return (cell) => (cell === null ? 'null' : `"${shownText(property, String(cell), display)}"`)
    case 'Edm.Int64':
    case 'Edm.Double':
    case 'Edm.Single':
      return (cell) => (cell === null ? 'null' : `"${cell}"`)
    case 'Edm.Byte':
    case 'Edm.SByte':
    case 'Edm.Int16':
    case 'Edm.Int32':
      return (cell) => String(cell)
    default:
      if (property.name === 'SystemStatusText' && display.language !== 'EN')
        return (cell) => JSON.stringify(translateStatus(String(cell ?? ''), display.language))
      if (display.padKeys && property.pad > 0)
        return (cell) => JSON.stringify(shownText(property, String(cell ?? ''), display))
      return (cell) => (cell === '' ? '""' : JSON.stringify(cell))
  }
}
