import { defineStream, type MappingSettings, type RawRecord, type Unified, unifiedId } from '../../../core/index.ts'
import type { SapSession } from '../session.ts'
import { type Row, text } from '../values.ts'
import { envelope, numbered } from './envelope.ts'
import { listKeysOf, readInTurn, readRow, readWhole, type SetSource } from './keyset.ts'
import { lean } from './lean.ts'
import { onlyPlants } from './plants.ts'

/** Plants, then their storage locations: two services, one tree. Neither has a change field. */
const nativeKey = (row: Row) => keyOf(row).join('|')
const plantSource: SetSource = { service: 'API_PLANT_SRV', set: 'A_Plant', key: ['Plant'], nativeKey }
const storageSource: SetSource = {
  service: 'API_STORAGELOCATION_SRV',
  set: 'StorageLocation',
  key: ['Plant', 'StorageLocation'],
  nativeKey,
}

export const locations = defineStream<SapSession, 'location'>({
  entity: 'location',
  changes: 'full-scan',
  deletes: 'by-absence',
  mappingVersion: 1,
  ignoresWindow: true,
  read(session, range, signal) {
    const part = (name: string, source: SetSource) => ({
      name,
      read: (range: Parameters<typeof readWhole>[2]) =>
        readWhole(session, onlyPlants(source, session.config), range, recordOf, signal),
    })
    return readInTurn([part('plant', plantSource), part('sloc', storageSource)], range)
  },
  async *listKeys(session, signal) {
    for (const source of [plantSource, storageSource])
      yield* listKeysOf(session, { ...onlyPlants(source, session.config), select: source.key }, signal, keyOf)
  },
  async readOne(session, key, signal) {
    const [kind, plant, storage, ...rest] = key.split('|')
    if (plant === undefined || plant === '' || rest.length > 0) return null
    const { plants } = session.config
    if (plants.length > 0 && !plants.includes(plant)) return null
    const { service, set } = kind === 'plant' ? plantSource : storageSource
    const found =
      kind === 'plant' && storage === undefined
        ? { Plant: plant }
        : kind === 'sloc' && storage !== undefined && storage !== ''
          ? { Plant: plant, StorageLocation: storage }
          : null
    const row = found === null ? null : await readRow(session, service, set, found, [], signal)
    return row === null ? null : recordOf(row)
  },
  toUnified: locationOf,
})

/** `plant|1010`, `sloc|1010|101A`. */
function keyOf(row: Row): readonly string[] {
  const plant = text(row['Plant'])
  if (plant === null) throw new TypeError('a location without plant')
  if (!('StorageLocation' in row)) return ['plant', plant]
  const storage = text(row['StorageLocation'])
  if (storage === null) throw new TypeError(`a storage location of plant ${plant} without number`)
  return ['sloc', plant, storage]
}

const recordOf = (row: Row): RawRecord => ({ key: keyOf(row), version: 0, modifiedAt: null, payload: lean(row) })

function locationOf(row: Row, settings: MappingSettings, key: string): Unified<'location'> {
  const [kind = '', plant = ''] = keyOf(row)
  const isPlant = kind === 'plant'
  const code = isPlant ? plant : text(row['StorageLocation'])
  const name = text(row[isPlant ? 'PlantName' : 'StorageLocationName'])
  return {
    ...envelope(row, settings, {
      key,
      displayName: numbered(isPlant ? plant : `${plant}/${code}`, name),
      organization: text(row['CompanyCode']),
      createdAt: null,
      updatedAt: null,
      version: null,
    }),
    location_code: code,
    name: name ?? code ?? key,
    location_type: isPlant ? 'SITE' : 'STORAGE',
    source_location_type: isPlant ? 'plant' : 'sloc',
    parent_id: isPlant ? null : unifiedId(settings.connectionId, 'location', ['plant', plant]),
    holds_stock: !isPlant,
    address_line1: null,
    city: null,
    region: null,
    postal_code: null,
    country: null,
    is_active: true,
  }
}
