import { readModel } from '../../../../../connectors/sap-s4hana/sandbox/edmx.ts'
import { type Property, type Row, SERVICES } from '../../../../../connectors/sap-s4hana/sandbox/model.ts'
import { seed } from '../../../../../connectors/sap-s4hana/sandbox/seed/index.ts'
import { type Size, sizeOf } from '../../../../../connectors/sap-s4hana/sandbox/seed/size.ts'
import { createStore, type Store } from '../../../../../connectors/sap-s4hana/sandbox/store.ts'

export const NOW = Date.UTC(2026, 0, 15, 10, 0, 0)
const DAY = 86_400_000

/** A store full of seeded rows. `clock` is the sandbox's, for tests that let time pass. */
export function seededStore(
  size: Partial<Size> | number,
  options: { seed?: number; timeZone?: string; clock?: { now: number } } = {},
): Store {
  const { clock = { now: NOW }, seed: number = 1, timeZone = 'UTC' } = options
  const store = createStore({ models: SERVICES.map(readModel), now: () => clock.now })
  seed(store, { seed: number, size: sizeOf(size), now: NOW, timeZone })
  return store
}

/** All rows of all sets that have any, as `service/set` -> rows. */
export function everything(store: Store): Map<string, Row[]> {
  const found = new Map<string, Row[]>()
  for (const model of SERVICES.map(readModel)) {
    for (const set of model.sets.values()) {
      const rows = store.select(set)
      if (rows.length > 0) found.set(`${model.service}/${set.name}`, rows)
    }
  }
  return found
}

/** What the metadata does not allow in these rows: `set.property: value (reason)`. */
export function violations(store: Store): string[] {
  const found: string[] = []
  for (const [name, rows] of everything(store)) {
    const [service = '', setName = ''] = name.split('/')
    const properties = [...store.set(service, setName).type.properties.values()]
    for (const row of rows) {
      for (const property of properties) {
        const reason = objection(property, row[property.name] ?? null)
        if (reason) found.push(`${name}.${property.name}: ${JSON.stringify(row[property.name])} (${reason})`)
      }
    }
  }
  return found
}

function objection(property: Property, value: Row[string]): string | null {
  if (value === null || value === undefined) return property.nullable ? null : 'null where null is not allowed'
  switch (property.type) {
    case 'Edm.String':
      if (typeof value !== 'string') return 'no text'
      if (property.maxLength !== null && value.length > property.maxLength) return `longer than ${property.maxLength}`
      return value === value.trimEnd() ? null : 'trailing blank'
    case 'Edm.Guid':
      return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(String(value)) || value === '' ? null : 'no GUID'
    case 'Edm.Decimal':
      return decimalObjection(property, value)
    case 'Edm.DateTime':
      return typeof value === 'number' && value % DAY === 0 ? null : 'no date'
    case 'Edm.DateTimeOffset':
      return typeof value === 'number' && value % 1000 === 0 ? null : 'no whole second'
    case 'Edm.Boolean':
      return typeof value === 'boolean' ? null : 'no boolean'
    case 'Edm.Time':
      return /^PT\d\dH\d\dM\d\dS$/.test(String(value)) ? null : 'no time'
    case 'Edm.Byte':
      return typeof value === 'number' && value >= 0 && value < 256 ? null : 'no byte'
    case 'Edm.Int16':
    case 'Edm.Int32':
      return Number.isInteger(value) ? null : 'no number'
    default:
      return typeof value === 'string' ? null : 'no text'
  }
}

function decimalObjection({ precision, scale }: Property, value: Row[string]): string | null {
  const match = /^-?(\d+)(?:\.(\d+))?$/.exec(String(value))
  if (typeof value !== 'string' || !match) return 'no decimal text'
  const fraction = match[2]?.length ?? 0
  if (fraction > (scale ?? 0)) return `more than ${scale ?? 0} places`
  return (match[1]?.length ?? 0) <= (precision ?? 40) - (scale ?? 0) ? null : `more than ${precision} digits`
}
