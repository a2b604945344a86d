/**
 * Numbers that the system keeps with leading zeros and shows without. A row of the sandbox holds the shown form; order
 * and comparison follow the kept one ('100' comes after '90'), and either form is accepted in keys and filters.
 */

/** Keys that are padded although their metadata calls them plain text, with their inner width. */
const ALPHA: { readonly [property: string]: number } = {
  Supplier: 10,
  Customer: 10,
  BusinessPartner: 10,
  Equipment: 18,
  SuperordinateEquipment: 18,
  Material: 18,
  Product: 18,
  MaintenanceOrder: 12,
  MaintenanceNotification: 12,
  MaintOrder: 12,
}

/** Inner width of a property; 0 = kept as given. */
export function padOf(name: string, type: string, format: string, maxLength: number | null): number {
  if (type !== 'Edm.String') return 0
  if (format === 'NonNegative') return maxLength ?? 0
  return ALPHA[name] ?? 0
}

/** `00010` → `10`; anything that is not all digits stays. `000` → `0`. */
export function stripZeros(text: string): string {
  if (text.charCodeAt(0) !== 48 || text.length === 1 || !allDigits(text)) return text
  let start = 0
  while (start < text.length - 1 && text.charCodeAt(start) === 48) start++
  return text.slice(start)
}

/** `10` → `00010` for width 5; anything that is not all digits stays. */
export function padZeros(text: string, width: number): string {
  return text !== '' && allDigits(text) ? text.padStart(width, '0') : text
}

function allDigits(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 48 || code > 57) return false
  }
  return true
}
