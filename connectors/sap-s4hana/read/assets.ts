import { defineStream, type RawRecord } from '../../../core/index.ts'
import type { SapSession } from '../session.ts'
import { children, literal, localInstant, type Row, sapInstant } from '../values.ts'
import { EQUIPMENT, FUNCTIONAL_LOCATION } from './asset-keys.ts'
import { assetOfRow } from './asset-mapping.ts'
import { listKeysOf, type Part, readInTurn, readKeyset, readRow, type StampedSource } from './keyset.ts'
import { lean } from './lean.ts'
import { keyIn, requireDates } from './references.ts'

/** How SAP writes "no end": 9999-12-31. */
const UNLIMITED_MS = 253_402_214_400_000

const CHANGED = { changedAt: 'LastChangeDateTime', fallbackOn: 'CreationDate' } as const
const EXPAND = ['to_LongText', 'to_Warranty', 'to_Partner'] as const

/** Equipment has a row for each period of use; the one without end is the present one. */
const equipmentSource = {
  ...CHANGED,
  service: 'API_EQUIPMENT',
  set: 'Equipment',
  key: ['Equipment'],
  filter: `ValidityEndDate eq ${literal.datetime(UNLIMITED_MS)}`,
  expand: EXPAND,
  nativeKey: (row) => `${EQUIPMENT}|${keyIn(row, 'Equipment')}`,
} as const satisfies StampedSource

const functionalLocationSource = {
  ...CHANGED,
  service: 'API_FUNCTIONALLOCATION',
  set: 'FunctionalLocation',
  key: ['FunctionalLocation'],
  expand: EXPAND,
  nativeKey: (row) => `${FUNCTIONAL_LOCATION}|${keyIn(row, 'FunctionalLocation')}`,
} as const satisfies StampedSource

/**
 * Equipment, then functional locations, each with long text, warranties and partners: one stream of two sets, so a poll
 * is two requests. Deletion flags make an asset INACTIVE; archiving removes rows.
 */
export const assets = defineStream<SapSession, 'asset'>({
  entity: 'asset',
  changes: 'incremental',
  deletes: 'by-absence',
  mappingVersion: 1,
  ignoresWindow: true,
  read(session, range, signal) {
    const part = (name: string, source: StampedSource, property: string): Part => ({
      name,
      read: (of) => readKeyset(session, source, of, recordIn(session, name, property), signal),
    })
    return readInTurn(
      [
        part(EQUIPMENT, equipmentSource, 'Equipment'),
        part(FUNCTIONAL_LOCATION, functionalLocationSource, 'FunctionalLocation'),
      ],
      range,
    )
  },
  async *listKeys(session, signal) {
    const keysIn = (kind: string, source: StampedSource, property: string) =>
      listKeysOf(session, { ...source, expand: [] }, signal, (row) => [kind, keyIn(row, property)])
    yield* keysIn(EQUIPMENT, equipmentSource, 'Equipment')
    yield* keysIn(FUNCTIONAL_LOCATION, functionalLocationSource, 'FunctionalLocation')
  },
  async readOne(session, key, signal) {
    const [kind, number] = [key.slice(0, key.indexOf('|')), key.slice(key.indexOf('|') + 1)]
    if (kind === EQUIPMENT) {
      const row = await readRow(
        session,
        equipmentSource.service,
        equipmentSource.set,
        { Equipment: number, ValidityEndDate: `/Date(${UNLIMITED_MS})/` },
        EXPAND,
        signal,
      )
      return row === null ? null : recordIn(session, kind, 'Equipment')(row)
    }
    if (kind !== FUNCTIONAL_LOCATION) return null
    const { service, set } = functionalLocationSource
    const row = await readRow(session, service, set, { FunctionalLocation: number }, EXPAND, signal)
    return row === null ? null : recordIn(session, kind, 'FunctionalLocation')(row)
  },
  toUnified: assetOfRow,
})

const DATES = ['CreationDate', 'OperationStartDate', 'AcquisitionDate'] as const

const recordIn =
  ({ timeZone }: SapSession, kind: string, property: string) =>
  (row: Row): RawRecord => {
    requireDates(row, DATES)
    for (const warranty of children(row['to_Warranty'])) requireDates(warranty, ['WarrantyEndDate'])
    const changed = sapInstant(row['LastChangeDateTime'])
    return {
      key: [kind, keyIn(row, property)],
      // 0 until the first change: all that is known before is the day of creation, in another clock
      version: changed ?? 0,
      modifiedAt: changed ?? localInstant(row['CreationDate'], null, timeZone),
      payload: lean(row),
    }
  }
