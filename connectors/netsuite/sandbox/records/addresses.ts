import type { StoredRow } from '../store.ts'
import type { Session } from '../system.ts'
import type { Cells } from './model.ts'
import { newId } from './numbers.ts'

/** Writes an address, a new one when `key` is null. @returns its key */
export function writeAddress(session: Session, key: number | null, cells: Cells): number {
  const { store } = session
  const before = key === null ? null : store.get('entityaddress', key)
  if (before !== null && key !== null && Object.keys(cells).every((name) => before[name] === cells[name])) return key
  const row = { ...before, ...cells }
  const addrtext = textOf(row)
  if (before !== null && key !== null) {
    store.update('entityaddress', key, { ...cells, addrtext, lastmodifieddate: session.now() })
    return key
  }
  const nkey = newId(session, 'entityaddress', 'entityaddress')
  store.insert('entityaddress', { ...cells, nkey, addrtext })
  return nkey
}

/** As it is printed on a letter. */
function textOf(row: StoredRow): string {
  const town = [row['zip'], row['city']].filter((it) => it !== null && it !== undefined).join(' ')
  const lines = [row['addressee'], row['attention'], row['addr1'], row['addr2'], row['addr3'], town, row['country']]
  return lines.filter((it) => it !== null && it !== undefined && it !== '').join('\r\n')
}
