import { hasFeature } from '../account.ts'
import { type RestError, refusal } from '../errors.ts'
import type { Session } from '../system.ts'
import type { Tables } from './define.ts'
import { inventoryAdjustmentType, inventoryTransferType } from './inventory.ts'
import { itemReceiptType } from './item-receipts.ts'
import { itemTypes } from './items.ts'
import { listTypes } from './lists.ts'
import type { RecordType } from './model.ts'
import { employeeType, locationType } from './parties.ts'
import { purchaseOrderType } from './purchase-orders.ts'
import { customRecordTypes, supportCaseType, taskType } from './service.ts'
import { vendorType } from './vendors.ts'
import { workOrderType } from './work-orders.ts'

export type RecordTypes = ReadonlyMap<string, RecordType>

/** All record types by lower-case name: addresses do not mind case. */
export function recordTypes(tables: Tables): RecordTypes {
  const purchaseOrder = purchaseOrderType(tables)
  const types = [
    vendorType(tables),
    ...itemTypes(tables),
    employeeType(tables),
    locationType(tables),
    purchaseOrder,
    itemReceiptType(tables, purchaseOrder),
    inventoryAdjustmentType(tables),
    inventoryTransferType(tables),
    workOrderType(tables),
    supportCaseType(tables),
    taskType(tables),
    ...customRecordTypes(tables),
    ...listTypes(tables),
  ]
  return new Map(types.map((type) => [type.name.toLowerCase(), type]))
}

/** @throws RestError when it is unknown, off, a beta record, or not for this role */
export function recordType(session: Session, types: RecordTypes, name: string): RecordType {
  const type = types.get(name.toLowerCase())
  if (type === undefined || (type.feature !== null && !hasFeature(session.account, type.feature))) {
    throw refusal(404, 'NOT_FOUND', `Record type '${name}' does not exist.`, {
      'o:errorUrl': `/services/rest/record/v1/${name}`,
    })
  }
  if (session.switches.betaRecords.has(type.name.toLowerCase())) {
    throw refusal(
      403,
      'INSUFFICIENT_PERMISSION',
      `The record type '${type.name}' is only available as a beta record. ` +
        'Enable the REST Record Service (Beta) feature in Setup > Company > Enable Features > SuiteCloud to work with it.',
    )
  }
  if (type.permission !== null) need(session, type.permission)
  if (session.role.hiddenTables.has(type.table)) throw lacking(session, `Lists -> ${type.title}`)
  return type
}

/** @throws RestError naming the permission the role lacks */
export function need(session: Session, permission: { readonly name: string; readonly path: string }): void {
  if (!session.role.permissions.has(permission.name)) throw lacking(session, permission.path)
}

function lacking(session: Session, path: string): RestError {
  return refusal(
    session.switches.permissionStatus,
    'INSUFFICIENT_PERMISSION',
    `Permission Violation: You need the '${path}' permission to access this page. ` +
      'Please contact your account administrator.',
  )
}
