import {
  defineStream,
  type MappingSettings,
  type MovementKind,
  type Page,
  type RawRecord,
  type ReadRange,
  type Unified,
  unifiedId,
} from '../../../core/index.ts'
import type { SapSession } from '../session.ts'
import { children, flag, localInstant, type Row, sapDate, text } from '../values.ts'
import { envelope, systemZone } from './envelope.ts'
import { inGroups, type Key } from './filters.ts'
import { type DatedSource, readByDate, readRow } from './keyset.ts'
import { lean } from './lean.ts'
import { kindOf } from './movement-kinds.ts'
import { isAutomatic, lineOf, movedItems } from './movement-lines.ts'
import { recordsOf } from './records.ts'
import { byNumber, keyIn, reference, requireDates, shared } from './references.ts'
import { rowsByKey } from './rows.ts'

/**
 * Material documents with their items. They are never changed: a cancellation is a document of its own, and the one it
 * takes back only shows so when it is read again, with no stamp that says so.
 */
const documentSource = {
  service: 'API_MATERIAL_DOCUMENT_SRV',
  set: 'A_MaterialDocumentHeader',
  key: ['MaterialDocumentYear', 'MaterialDocument'],
  expand: ['to_MaterialDocumentItem'],
  date: 'CreationDate',
  time: 'CreationTime',
} as const satisfies DatedSource

/** Documents never go away; those that are archived stay what happened. */
export const inventoryMovements = defineStream<SapSession, 'inventory_movement'>({
  entity: 'inventory_movement',
  changes: 'incremental',
  deletes: 'invisible',
  mappingVersion: 1,
  read: (session, range, signal) =>
    range.mode === 'snapshot'
      ? readByDate(session, documentSource, range, recordIn(session), signal)
      : readWithReversed(session, range, signal),
  async readOne(session, key, signal) {
    const [MaterialDocumentYear = '', MaterialDocument = ''] = key.split('|')
    const { service, set, expand } = documentSource
    const document = await readRow(session, service, set, { MaterialDocumentYear, MaterialDocument }, expand, signal)
    return document === null ? null : recordIn(session)(document)
  },
  toUnified: movementOf,
})

const recordIn =
  ({ timeZone }: SapSession) =>
  (document: Row): RawRecord => {
    requireDates(document, ['DocumentDate', 'PostingDate'])
    const createdAt = localInstant(document['CreationDate'], document['CreationTime'], timeZone)
    return {
      key: [keyIn(document, 'MaterialDocumentYear'), keyIn(document, 'MaterialDocument')],
      version: createdAt ?? 0,
      modifiedAt: createdAt,
      payload: lean(document),
    }
  }

/** Documents asked for at once. */
const REVERSED_AT_ONCE = 40

/** New documents, and with each page those that its documents take back. */
async function* readWithReversed(session: SapSession, range: ReadRange, signal: AbortSignal): AsyncGenerator<Page> {
  for await (const page of readByDate(session, documentSource, range, recordIn(session), signal)) {
    const present = new Set(page.records.map(({ key }) => String(key)))
    const reversed = page.records.flatMap(({ payload }) =>
      children(payload['to_MaterialDocumentItem']).flatMap((item) => {
        const key = reversedBy(item, payload)
        return key === null ? [] : [key]
      }),
    )
    const missing = new Map(reversed.filter((key) => !present.has(String(key))).map((key) => [String(key), key]))
    const records = [...page.records]
    const undecodable = [...(page.undecodable ?? [])]
    for (const group of inGroups(documentSource.key, [...missing.values()], REVERSED_AT_ONCE)) {
      const found = await rowsByKey(session, documentSource, group, signal)
      const read = recordsOf(documentSource, found.rows, recordIn(session))
      records.push(...read.records)
      undecodable.push(...found.undecodable, ...read.undecodable)
    }
    yield { ...page, records, ...(undecodable.length === 0 ? {} : { undecodable }) }
  }
}

/** Key of the document that an item takes back. */
function reversedBy(item: Row, document: Row): (Key & readonly string[]) | null {
  const number = reference(item['ReversedMaterialDocument'])
  const year = reference(item['ReversedMaterialDocumentYear']) ?? text(document['MaterialDocumentYear'])
  return number === null || year === null ? null : [year, number]
}

function movementOf(document: Row, settings: MappingSettings, key: string): Unified<'inventory_movement'> {
  const { connectionId } = settings
  const items = movedItems(byNumber(children(document['to_MaterialDocumentItem']), 'MaterialDocumentItem'), settings)
  const number = text(document['MaterialDocument']) ?? key
  const year = text(document['MaterialDocumentYear'])
  const idOf = (entity: string, field: string) => {
    const value = shared(items.map((item) => reference(item[field])))
    return value === null ? null : unifiedId(connectionId, entity, value)
  }
  const reversed = shared(items.map((item) => reversedBy(item, document)?.join('|') ?? null))
  const code = text(document['GoodsMovementCode'])
  const lines = items.flatMap((item) => lineOf(item, code, settings, key) ?? [])
  return {
    ...envelope(document, settings, {
      key,
      displayName: year === null ? number : `${number}/${year}`,
      createdAt: localInstant(document['CreationDate'], document['CreationTime'], systemZone(settings)),
      updatedAt: null,
      version: null,
    }),
    movement_number: number,
    kind: kindOfAll(items, settings),
    status: items.length > 0 && items.every(isCanceled) ? 'REVERSED' : 'POSTED',
    source_kind: [...new Set(items.flatMap((item) => text(item['GoodsMovementType']) ?? []))].join(',') || null,
    document_date: sapDate(document['DocumentDate']),
    posting_date: sapDate(document['PostingDate']),
    vendor_id: idOf('vendor', 'Supplier'),
    purchase_order_id: idOf('purchase_order', 'PurchaseOrder'),
    work_order_id: idOf('work_order', 'ManufacturingOrder'),
    reference: text(document['ReferenceDocument']),
    reverses_id: reversed === null ? null : unifiedId(connectionId, 'inventory_movement', reversed.split('|')),
    notes: text(document['MaterialDocumentHeaderText']),
    lines,
  }
}

const isCanceled = (item: Row): boolean => flag(item['GoodsMovementIsCancelled']) === true

/** What was posted tells; items that SAP added (components of a receipt) do not, unless there are no others. */
function kindOfAll(items: readonly Row[], settings: MappingSettings): MovementKind {
  const posted = items.filter((item) => !isAutomatic(item))
  const kinds = (posted.length === 0 ? items : posted).map((item) => kindOf(text(item['GoodsMovementType']), settings))
  return shared(kinds) ?? 'UNKNOWN'
}
