import {
  createFindings,
  defineOperation,
  type Findings,
  type Issue,
  issue,
  type JsonObject,
  type MappingSettings,
  type ReadStream,
  RejectedError,
  rejection,
  type WriteRequest,
} from '../../../core/index.ts'
import { items } from '../read/items.ts'
import type { NetSuiteSession } from '../session.ts'
import type { Row } from '../values.ts'
import { rowsIn, setting, shownId, withForm } from './forms.ts'
import { FIELDS, FIELDS_MAPPED, NAMES } from './item-fields.ts'
import { isStocked, newRecordType, recordTypeOf } from './item-types.ts'
import { type Values, valuesOf } from './mapped.ts'
import { isSame } from './native-values.ts'
import {
  type Amendment,
  create,
  type Creation,
  findCreated,
  findRemoved,
  findUpdate,
  ignored,
  remove,
  update,
} from './records.ts'
import { idIn } from './references.ts'
import { type Sent, sentOf } from './sent.ts'
import { goodsOf, matching, type Unit, unitsOf } from './units.ts'

type Request = WriteRequest<'item'>
const stream: ReadStream<NetSuiteSession, 'item'> = items

export const createItem = defineOperation<NetSuiteSession, 'item'>({
  entity: 'item',
  operation: 'CREATE',
  anchor: 'unique',
  conflicts: 'none',
  atomic: true,
  fields: FIELDS,
  execute: async (session, request, signal) =>
    create(session, request, await creationOf(session, request, signal), signal),
  find: (session, request, signal) => findCreated(session, request, { type: typeOf(sentOf(request.payload)) }, signal),
})

export const updateItem = defineOperation<NetSuiteSession, 'item'>({
  entity: 'item',
  operation: 'UPDATE',
  anchor: 'absolute',
  conflicts: 'compare',
  atomic: true,
  fields: FIELDS.filter(({ on }) => on.includes('UPDATE')),
  async execute(session, request, signal) {
    const doing = `changing item ${request.target}`
    const type = await typeNow(session, request, doing, signal)
    const plan = (record: JsonObject) => amendment(session, request, record, signal)
    return update(session, request, { type, doing, stream }, plan, signal)
  },
  async find(session, request, signal) {
    const type = await typeNow(session, request, '', signal).catch((error: unknown) => {
      if (error instanceof RejectedError) return null
      throw error
    })
    if (type === null) return 'not-applied'
    return findUpdate(session, request, { type }, (record) => amendment(session, request, record, signal), signal)
  },
})

/** NetSuite refuses it for items that anything was done with. */
export const deleteItem = defineOperation<NetSuiteSession, 'item'>({
  entity: 'item',
  operation: 'DELETE',
  anchor: 'absolute',
  conflicts: 'compare',
  atomic: true,
  fields: [],
  async execute(session, request, signal) {
    const doing = `deleting item ${request.target}`
    return remove(session, request, { type: await typeNow(session, request, doing, signal), doing, stream }, signal)
  },
  find: (session, request, signal) => findRemoved(session, request, stream, signal),
})

const typeOf = (sent: Sent): string =>
  newRecordType(sent.text('item_type'), sent.flag('is_lot_tracked') === true, sent.flag('is_serial_tracked') === true)

/** @throws RejectedError when there is no such item */
async function typeNow(session: NetSuiteSession, { target }: Request, doing: string, signal: AbortSignal) {
  const { items: found } = await goodsOf(session, [target ?? ''], signal)
  const item = found.get(target ?? '')
  const type = item === undefined ? null : recordTypeOf(item)
  if (type === null) throw rejection(doing, [issue(null, 'NOT_FOUND', 'NetSuite has no such item')], { status: 404 })
  return type
}

async function creationOf(session: NetSuiteSession, request: Request, signal: AbortSignal): Promise<Creation> {
  const doing = 'creating an item'
  const { config } = session
  const sent = sentOf(request.payload)
  const findings = createFindings()
  const type = typeOf(sent)
  const custom = sent.custom(findings)
  for (const field of ['name', 'item_type'])
    if (sent.text(field) === null) findings.add(field, 'REQUIRED', 'must be given')
  const values = await valuesOf(session, FIELDS_MAPPED, sent, findings, signal)
  const units = await unitsOf(session, signal)
  const first = units.filter(({ unitsType }) => unitsType === config.units_type)
  const bases = units.filter(({ isBase }) => isBase)
  const unit = stockUnitOf(sent, [...first, ...bases, ...units], request.mapping, findings)
  const hasUnits = units.length > 0
  const vendor = vendorOf(sent, [], findings)
  findings.settle(doing)
  const body = withForm(session, type, {
    ...(isStocked(type) ? setting('assetAccount', config.asset_account) : {}),
    ...(isStocked(type) ? setting('cogsAccount', config.cogs_account) : {}),
    ...setting('incomeAccount', config.income_account),
    ...setting('taxSchedule', config.tax_schedule),
    itemId: values['displayName'] ?? null,
    ...values,
    ...(hasUnits ? unitValues(unit, purchaseUnitOf(sent, unit, units, findings) ?? unit) : {}),
    ...vendor.values,
    ...custom,
  })
  findings.settle(doing)
  const words = 'NetSuite shows no units of measure: the item has none'
  const lost = issue(sent.text('source_unit') === null ? 'unit' : 'source_unit', 'UNSUPPORTED_FIELD', words)
  return {
    type,
    path: `/${type}`,
    doing,
    body,
    names: NAMES,
    warnings: hasUnits ? [] : [lost],
    lineIssues: vendor.missing,
  }
}

const unitValues = (unit: Unit | null, purchase: Unit | null): Values => ({
  ...setting('unitsType', unit?.unitsType ?? null),
  ...setting('stockUnit', unit?.id ?? null),
  ...setting('purchaseUnit', purchase?.id ?? null),
})

/** null where none is given, or the account has none. */
function stockUnitOf(sent: Sent, units: readonly Unit[], mapping: MappingSettings, findings: Findings): Unit | null {
  const [native, code] = [sent.text('source_unit'), sent.text('unit')]
  if ((native === null && code === null) || units.length === 0) return null
  const found = matching(units, native, code, mapping)
  if (found === null)
    findings.add(native === null ? 'unit' : 'source_unit', 'UNIT_UNKNOWN', `NetSuite has no unit ${native ?? code}`)
  return found
}

/** Of the same units type as the stock unit. */
function purchaseUnitOf(sent: Sent, stock: Unit | null, units: readonly Unit[], findings: Findings): Unit | null {
  const name = sent.text('purchase_unit')?.trim().toLowerCase()
  if (name === undefined) return null
  const found = units.find(
    ({ unitsType, names }) =>
      unitsType === (stock?.unitsType ?? null) && names.some((each) => each.toLowerCase() === name),
  )
  if (found === undefined)
    findings.add(
      'purchase_unit',
      'UNIT_UNKNOWN',
      `the units type of the item has no unit "${sent.text('purchase_unit')}"`,
    )
  return found ?? null
}

async function amendment(
  session: NetSuiteSession,
  request: Request,
  record: JsonObject,
  signal: AbortSignal,
): Promise<Amendment> {
  const sent = sentOf(request.payload)
  const findings = createFindings()
  const values = await valuesOf(session, FIELDS_MAPPED, sent, findings, signal)
  const names = ['unit', 'source_unit', 'purchase_unit']
  const units = names.some((field) => sent.text(field) !== null) ? await unitsOf(session, signal) : []
  const own = units.filter(({ unitsType }) => unitsType === shownId(record, 'unitsType'))
  if (own.length === 0)
    for (const field of names)
      if (sent.text(field) !== null) findings.add(field, 'UNIT_UNKNOWN', 'the item has no units of measure')
  const unit = stockUnitOf(sent, own, request.mapping, findings)
  const purchase = own.length === 0 ? null : purchaseUnitOf(sent, own[0] ?? null, own, findings)
  const vendor = vendorOf(sent, rowsIn(record, 'itemVendor'), findings)
  const custom = sent.custom(findings)
  findings.settle(`changing item ${request.target}`)
  const body = {
    ...values,
    ...setting('stockUnit', unit?.id ?? null),
    ...setting('purchaseUnit', purchase?.id ?? null),
    ...vendor.values,
    ...custom,
  }
  return { body, names: NAMES, missing: vendor.missing }
}

/** The preferred vendor, and its number for the item; without a vendor the number stands on the item. */
function vendorOf(sent: Sent, rows: readonly Row[], findings: Findings) {
  const preferred = rows.find((row) => row['preferredVendor'] === true)
  const before = preferred === undefined ? null : shownId(preferred, 'vendor')
  const given = idIn(sent, 'preferred_vendor_id', 'vendor', findings)
  const number = sent.text('vendor_item_number')
  const isCleared = sent.cleared('vendor_item_number')
  const vendor = given ?? before
  const none = { values: {} as Values, missing: (): readonly Issue[] => [] }
  if (sent.cleared('preferred_vendor_id')) {
    if (before === null) return none
    const off = { vendor: { id: before }, preferredVendor: false }
    return { values: { itemVendor: { items: [off] } }, missing: (now: JsonObject) => vendorIssues(now, off) }
  }
  if (given === null && number === null && !isCleared) return none
  const code = number === null && !isCleared ? {} : { vendorCode: number }
  if (vendor === null) return { ...none, values: { vendorName: number } }
  const entry = { vendor: { id: vendor }, preferredVendor: true, ...code }
  const other = before === null || before === vendor ? [] : [{ vendor: { id: before }, preferredVendor: false }]
  return {
    values: { itemVendor: { items: [entry, ...other] } },
    missing: (now: JsonObject) => vendorIssues(now, entry),
  }
}

function vendorIssues(record: JsonObject, entry: Values): readonly Issue[] {
  const row = rowsIn(record, 'itemVendor').find((each) => isSame(entry['vendor'] ?? null, each['vendor']))
  return Object.entries(entry).flatMap(([native, value]) =>
    isSame(value, row?.[native]) ? [] : [ignored(NAMES.fields[native] ?? 'preferred_vendor_id', native)],
  )
}
