import type { Property } from './model.ts'
import { padZeros } from './numbers.ts'
import type { Cell } from './table.ts'

/** How values are shown, as far as the switches decide it. */
export interface Display {
  /** Scheme, host and port of addresses in answers. */
  readonly origin: string
  readonly padKeys: boolean
  readonly decimalPadding: boolean
  /** Two letters. */
  readonly language: string
}

/** Text of a cell as every format shows it, where formats agree (not for dates, booleans and null). */
export function shownText(property: Property, cell: string, display: Display): string {
  if (display.padKeys && property.pad > 0) return padZeros(cell, property.pad)
  if (display.decimalPadding && property.type === 'Edm.Decimal' && property.scale !== null) {
    return toScale(cell, property.scale)
  }
  return cell
}

function toScale(text: string, scale: number): string {
  const point = text.indexOf('.')
  const digits = point < 0 ? 0 : text.length - point - 1
  if (digits >= scale) return text
  return `${text}${point < 0 ? '.' : ''}${'0'.repeat(scale - digits)}`
}

/** `('4500000001')` or `(A='1',B=datetime'…')`, percent-encoded: the key part of an address. */
export function keyPredicate(keys: readonly { property: Property; cell: Cell }[], display: Display): string {
  const [only] = keys
  if (keys.length === 1 && only !== undefined) return `(${keyLiteral(only.property, only.cell, display)})`
  return `(${keys.map(({ property, cell }) => `${property.name}=${keyLiteral(property, cell, display)}`).join(',')})`
}

function keyLiteral(property: Property, cell: Cell, display: Display): string {
  switch (property.type) {
    case 'Edm.DateTime':
      return `datetime'${encodeURIComponent(isoDateTime(cell))}'`
    case 'Edm.DateTimeOffset':
      return `datetimeoffset'${encodeURIComponent(`${isoDateTime(cell)}Z`)}'`
    case 'Edm.Time':
      return `time'${cell}'`
    case 'Edm.Guid':
      return `guid'${cell}'`
    case 'Edm.Boolean':
      return cell === 1 ? 'true' : 'false'
    case 'Edm.Decimal':
      return `${cell}M`
    case 'Edm.Int64':
      return `${cell}L`
    case 'Edm.String':
      return `'${encodeURIComponent(shownText(property, String(cell ?? ''), display)).replaceAll("'", "''")}'`
    default:
      return String(cell)
  }
}

/** `2026-01-15T10:00:00` of epoch ms; milliseconds only when there are any. Text is passed on. */
export function isoDateTime(cell: Cell): string {
  if (typeof cell !== 'number') return cell ?? ''
  const text = new Date(cell).toISOString()
  return text.endsWith('.000Z') ? text.slice(0, 19) : text.slice(0, 23)
}

/** `W/"datetimeoffset'2026-01-15T10%3A00%3A00.0000000Z'"`; `W/""` before the first change. */
export function etagOf(stamps: readonly Cell[]): string {
  const stamp = stamps.find((cell) => typeof cell === 'number')
  if (stamp === undefined) return 'W/""'
  const iso = `${isoDateTime(stamp).slice(0, 19)}.${String(Number(stamp) % 1000).padStart(3, '0')}0000Z`
  return `W/"datetimeoffset'${iso.replaceAll(':', '%3A')}'"`
}

/** The address of a service's root, without a slash at its end. */
export function serviceRoot(model: { readonly service: string; readonly version: string }): string {
  return `/sap/opu/odata/sap/${model.service}${model.version === '0002' ? ';v=0002' : ''}`
}
