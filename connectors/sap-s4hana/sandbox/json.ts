import type { Property } from './model.ts'
import type { Column, Fetched, Plan } from './plan.ts'
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
  const encoders = plan.shown.map((column) => encoderOf(plan, column, options))
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
    let text = head.open(uri, row)
    for (const encode of encoders) text += encode(row)
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

/** Adds `,"Name":value` for a row. */
type Encoder = (row: readonly Cell[]) => string

function encoderOf(plan: Plan, { property, at }: Column, options: JsonOptions): Encoder {
  const name = `,${JSON.stringify(property.name)}:`
  const value = valueEncoder(property, options.display)
  const { invalidDate: bad } = options
  if (bad !== null && bad.set === plan.set.name && bad.property === property.name) {
    const key = plan.keys[0]?.at ?? 0
    return (row) => name + (row[key] === bad.key ? '"/Date(99999999999999999)/"' : value(row[at] ?? null))
  }
  // most values of most rows are initial: one ready text for each of those spares the collector half of its work
  const initial = INITIAL_CELLS[property.type] ?? null
  const initialText = name + value(initial)
  if (property.type === 'Edm.Boolean') {
    const trueText = `${name}true`
    return (row) => (row[at] === 1 ? trueText : row[at] === 0 ? initialText : name + value(row[at] ?? null))
  }
  return (row) => {
    const cell = row[at] ?? null
    return cell === initial ? initialText : name + value(cell)
  }
}

const INITIAL_CELLS: { readonly [type: string]: Cell } = {
  'Edm.String': '',
  'Edm.Decimal': '0',
  'Edm.Boolean': 0,
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
