import type { Column } from './tables.ts'

/** One value as SQLite holds it. */
export type Cell = string | number | null

/** @throws when the value does not fit the column: an error of the program, not of a request */
export function toCell(column: Column, value: string | number | boolean | null): Cell {
  if (value === null || value === '') return null
  switch (column.type) {
    case 'text':
      return String(value)
    case 'bool':
      if (value === true || value === 'T') return 'T'
      if (value === false || value === 'F') return 'F'
      break
    case 'number': {
      const text = decimalText(value)
      if (text !== null) return text
      break
    }
    case 'id':
    case 'ref':
    case 'integer':
      if (typeof value !== 'boolean' && /^-?\d{1,15}$/.test(String(value))) return Number(value)
      break
    case 'datetime':
      // the database keeps seconds
      if (typeof value === 'number' && Number.isFinite(value)) return Math.floor(value / 1000) * 1000
      break
    case 'date':
      if (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)) return value
      break
  }
  throw new Error(`${JSON.stringify(value)} is no ${column.type} for ${column.name}`)
}

/** The shortest text of a decimal, every digit kept: `-0.50` → `-0.5`, `1e3` → `1000`, `007` → `7`. @returns null when it is none */
export function decimalText(value: string | number | boolean): string | null {
  const match = /^([-+]?)(\d*)(?:\.(\d*))?(?:[eE]([-+]?\d{1,3}))?$/.exec(String(value).trim())
  if (match === null) return null
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match
  if (whole === '' && fraction === '') return null
  const digits = whole + fraction
  const point = whole.length + Number(exponent)
  const padded = digits.padStart(digits.length + Math.max(0, -point), '0').padEnd(point, '0')
  const at = Math.max(0, point)
  const left = padded.slice(0, at).replace(/^0+/, '')
  const right = padded.slice(at).replace(/0+$/, '')
  const text = `${left === '' ? '0' : left}${right === '' ? '' : `.${right}`}`
  return sign === '-' && text !== '0' ? `-${text}` : text
}
