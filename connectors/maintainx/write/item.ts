import { issue, type WriteField, type WriteRequest } from '../../../core/index.ts'
import { items } from '../read/items.ts'
import type { MaintainXSession } from '../session.ts'
import type { Row } from '../values.ts'
import { PART } from './kinds.ts'
import { BOTH, idIn, type Mapped, namesOf, rulesOf, valuesOf } from './mapped.ts'
import { masterOperations } from './masters.ts'
import { rowsIn, type Values } from './native-values.ts'
import { type Amendment, settled, withCustom } from './records.ts'
import { type Sent, sentOf } from './sent.ts'

const TABLE: readonly Mapped[] = [
  { field: 'name', native: 'name', kind: 'text', on: BOTH, required: true },
  { field: 'description', native: 'description', kind: 'text', on: BOTH },
  { field: 'barcode', native: 'barcode', kind: 'text', on: BOTH },
  { field: 'unit_cost', native: 'unitCost', kind: 'cents', on: BOTH },
]
const OTHERS: readonly Mapped[] = [
  { field: 'category', native: 'partTypes', kind: 'text', on: BOTH },
  { field: 'preferred_vendor_id', native: 'vendors', kind: { record: 'vendor' }, on: BOTH },
]
const NAMES = { fields: { ...namesOf(TABLE), ...namesOf(OTHERS) } }
/** Parts are counted in pieces and have no unit; the model asks for one. */
const PIECES = ['EA', 'H87', 'C62']
const FIELDS: readonly WriteField[] = [
  ...rulesOf(TABLE, '/parts'),
  ...rulesOf(OTHERS, '/parts'),
  { path: 'vendor_item_number', on: BOTH, source: 'openapi /parts vendors[].partNumber' },
  { path: 'item_type', on: ['CREATE'], required: true, values: ['INVENTORY'], source: 'openapi /parts' },
  { path: 'unit', on: ['CREATE'], required: true, values: PIECES, source: 'openapi /parts' },
  { path: 'custom_fields', on: BOTH, source: 'openapi /parts extraFields' },
]
const UNITLESS = issue('unit', 'UNSUPPORTED_FIELD', 'MaintainX keeps no unit: parts are counted in pieces')

type Request = WriteRequest<'item'>

function amendment(session: MaintainXSession, { payload, target }: Request, record: Row | null): Amendment {
  const sent = sentOf(payload)
  return settled(target === null ? 'creating a part' : `changing part ${target}`, (findings) => {
    const body: Values = { ...valuesOf(TABLE, sent, findings), ...typesOf(sent) }
    const vendor = idIn(sent, 'preferred_vendor_id', 'vendor', findings)
    const suppliers = suppliersOf(sent, vendor, record)
    if (suppliers === 'nobody')
      findings.add('vendor_item_number', 'REQUIRED', 'whose number is it? preferred_vendor_id must be given')
    else if (suppliers !== null) body['vendors'] = suppliers
    return {
      body: withCustom(session, PART, body, sent, findings),
      names: NAMES,
      ...(target === null ? { warnings: [UNITLESS] } : {}),
    }
  })
}

/** Types are shown as one text, divided by commas. */
function typesOf(sent: Sent): Values {
  const category = sent.text('category')
  if (category === null) return sent.cleared('category') ? { partTypes: [] } : {}
  return { partTypes: category.split(/\s*,\s*/).filter((type) => type !== '') }
}

/** The preferred one comes first, the others stay. */
function suppliersOf(sent: Sent, vendor: number | null, record: Row | null): Values[] | 'nobody' | null {
  const number = sent.text('vendor_item_number')
  const there = rowsIn(record, 'vendors')
  const [first, ...rest] = there
  if (sent.cleared('preferred_vendor_id')) return rest.map((each) => ({ ...each }))
  if (vendor === null && number === null && !sent.cleared('vendor_item_number')) return null
  const vendorId = vendor ?? (typeof first?.['vendorId'] === 'number' ? first['vendorId'] : null)
  if (vendorId === null) return number === null ? null : 'nobody'
  const known = there.find((each) => each['vendorId'] === vendorId)?.['partNumber']
  const kept = sent.cleared('vendor_item_number') || typeof known !== 'string' ? '' : known
  const partNumber = number ?? kept
  return [
    { vendorId, ...(partNumber === '' ? {} : { partNumber }) },
    ...there.filter((each) => each['vendorId'] !== vendorId).map((each) => ({ ...each })),
  ]
}

export const [createItem, updateItem, deleteItem] = masterOperations({
  entity: 'item',
  kind: PART,
  stream: items,
  fields: FIELDS,
  amendment,
})
