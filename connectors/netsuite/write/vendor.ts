import {
  createFindings,
  defineOperation,
  type JsonObject,
  type WriteField,
  type WriteRequest,
} from '../../../core/index.ts'
import { vendors } from '../read/vendors.ts'
import type { NetSuiteSession } from '../session.ts'
import { isRow, type Row, text } from '../values.ts'
import { type Mapped, namesOf, rulesOf, type Values, valuesOf } from './mapped.ts'
import { isSame } from './native-values.ts'
import { type Amendment, create, findCreated, findRemoved, findUpdate, ignored, remove, update } from './records.ts'
import type { Names } from './refusals.ts'
import { type Sent, sentOf } from './sent.ts'
import { rowsIn, withForm } from './forms.ts'

const BOTH = ['CREATE', 'UPDATE'] as const

const HEADER: readonly Mapped[] = [
  { field: 'vendor_number', native: 'entityId', kind: 'text', on: ['CREATE'], maxLength: 80 },
  { field: 'name', native: 'companyName', kind: 'text', on: BOTH, required: true, maxLength: 83 },
  { field: 'organization', native: 'subsidiary', kind: 'id', on: ['CREATE'], default: 'subsidiary' },
  { field: 'email', native: 'email', kind: 'text', on: BOTH },
  { field: 'phone', native: 'phone', kind: 'text', on: BOTH },
  { field: 'tax_id', native: 'vatRegNumber', kind: 'text', on: BOTH },
  { field: 'currency', native: 'currency', kind: { list: 'currency' }, on: BOTH },
  { field: 'payment_terms', native: 'terms', kind: { list: 'term' }, on: BOTH },
  { field: 'is_active', native: 'isInactive', kind: 'not-flag', on: BOTH },
  { field: 'notes', native: 'comments', kind: 'text', on: BOTH },
]

const ADDRESS: readonly Mapped[] = [
  { field: 'address_line1', native: 'addr1', kind: 'text', on: BOTH, maxLength: 150 },
  { field: 'address_line2', native: 'addr2', kind: 'text', on: BOTH, maxLength: 150 },
  { field: 'city', native: 'city', kind: 'text', on: BOTH, maxLength: 50 },
  { field: 'region', native: 'state', kind: 'text', on: BOTH },
  { field: 'postal_code', native: 'zip', kind: 'text', on: BOTH, maxLength: 36 },
  { field: 'country', native: 'country', kind: 'id', on: BOTH, maxLength: 2 },
]

const NAMES: Names = { fields: { ...namesOf(HEADER), ...namesOf(ADDRESS) } }
const FIELDS: readonly WriteField[] = [
  ...rulesOf(HEADER, 'vendor'),
  ...rulesOf(ADDRESS, 'vendor.addressBook.addressBookAddress'),
  { path: 'custom_fields', on: BOTH, source: 'REST API Browser vendor' },
]

type Request = WriteRequest<'vendor'>

export const createVendor = defineOperation<NetSuiteSession, 'vendor'>({
  entity: 'vendor',
  operation: 'CREATE',
  anchor: 'unique',
  conflicts: 'none',
  atomic: true,
  fields: FIELDS,
  async execute(session, request, signal) {
    const doing = 'creating a vendor'
    const { values, address, custom } = await contentOf(session, request, doing, signal)
    const { subsidiary } = session.config
    const filled = Object.keys(address).length > 0
    const body = withForm(session, 'vendor', {
      ...(subsidiary === null ? {} : { subsidiary: { id: subsidiary } }),
      ...values,
      ...(filled
        ? { addressBook: { items: [{ defaultBilling: true, defaultShipping: true, addressBookAddress: address }] } }
        : {}),
      ...custom,
    })
    const creation = { type: 'vendor', path: '/vendor', doing, body, names: NAMES }
    return create(session, request, { ...creation, lineIssues: (record) => addressIssues(record, address) }, signal)
  },
  find: (session, request, signal) => findCreated(session, request, { type: 'vendor' }, signal),
})

const subjectOf = ({ target }: Request, verb: string) => ({
  type: 'vendor',
  doing: `${verb} vendor ${target}`,
  stream: vendors,
})

export const updateVendor = defineOperation<NetSuiteSession, 'vendor'>({
  entity: 'vendor',
  operation: 'UPDATE',
  anchor: 'absolute',
  conflicts: 'compare',
  atomic: true,
  fields: FIELDS.filter(({ on }) => on.includes('UPDATE')),
  async execute(session, request, signal) {
    const subject = subjectOf(request, 'changing')
    return update(session, request, subject, (record) => amendment(session, request, record, signal), signal)
  },
  find: (session, request, signal) =>
    findUpdate(session, request, { type: 'vendor' }, (record) => amendment(session, request, record, signal), signal),
})

export const deleteVendor = defineOperation<NetSuiteSession, 'vendor'>({
  entity: 'vendor',
  operation: 'DELETE',
  anchor: 'absolute',
  conflicts: 'compare',
  atomic: true,
  fields: [],
  execute: (session, request, signal) => remove(session, request, subjectOf(request, 'deleting'), signal),
  find: (session, request, signal) => findRemoved(session, request, vendors, signal),
})

async function contentOf(
  session: NetSuiteSession,
  request: Request,
  doing: string,
  signal: AbortSignal,
  person = false,
) {
  const sent: Sent = sentOf(request.payload)
  const findings = createFindings()
  const custom = sent.custom(findings)
  if (person && sent.text('name') !== null)
    findings.add('name', 'NOT_WRITABLE', 'a person is named by firstName and lastName: give them in custom_fields')
  const values = await valuesOf(session, HEADER, sent, findings, signal)
  const address = await valuesOf(session, ADDRESS, sent, findings, signal)
  findings.settle(doing)
  return { values, address, custom }
}

async function amendment(
  session: NetSuiteSession,
  request: Request,
  record: JsonObject,
  signal: AbortSignal,
): Promise<Amendment> {
  const doing = `changing vendor ${request.target}`
  const person = record['isPerson'] === true
  const { values, address, custom } = await contentOf(session, request, doing, signal, person)
  const body: Values = { ...values, ...custom }
  // what an account without VAT numbers calls it
  if ('vatRegNumber' in body && text(record['vatRegNumber']) === null && text(record['taxIdNum']) !== null) {
    body['taxIdNum'] = body['vatRegNumber'] ?? null
    delete body['vatRegNumber']
  }
  const names = { fields: { ...NAMES.fields, taxIdNum: 'tax_id' } }
  if (Object.keys(address).length === 0) return { body, names }
  const entry = mainEntry(record)
  const key = entry === undefined ? null : (entry['internalId'] ?? entry['id'] ?? null)
  const marks = entry === undefined ? { defaultBilling: true, defaultShipping: true } : {}
  const items = [{ ...(key === null ? marks : { internalId: key }), addressBookAddress: address }]
  return { body: { ...body, addressBook: { items } }, names, missing: (now) => addressIssues(now, address) }
}

/** The entry that the unified address is taken from: for bills, else for deliveries, else the first. */
function mainEntry(record: JsonObject): Row | undefined {
  const entries = rowsIn(record, 'addressBook')
  return (
    entries.find((each) => each['defaultBilling'] === true) ??
    entries.find((each) => each['defaultShipping'] === true) ??
    entries[0]
  )
}

function addressIssues(record: JsonObject, address: Values) {
  const shown = mainEntry(record)?.['addressBookAddress']
  const row = isRow(shown) ? shown : {}
  return Object.entries(address).flatMap(([native, value]) =>
    isSame(value, row[native]) ? [] : [ignored(NAMES.fields[native] ?? null, native)],
  )
}
