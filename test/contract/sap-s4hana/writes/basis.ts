import type { Sandbox } from '../../../../connectors/sap-s4hana/sandbox/index.ts'
import type { Row } from '../../../../connectors/sap-s4hana/sandbox/model.ts'
import { type EntityName, unifiedId } from '../../../../core/index.ts'
import type { Answer } from '../../kit/wire.ts'
import type { WriteWorld } from '../../kit/writing.ts'
import { createTables, one } from '../table.ts'
import { createPoster } from './poster.ts'

export const ORDERS = 'API_PURCHASEORDER_PROCESS_SRV'
export const PARTNERS = 'API_BUSINESS_PARTNER'

export type Worlds = { readonly [operation: string]: WriteWorld }
export type Basis = Awaited<ReturnType<typeof basisOf>>

/** What is in the sandbox for commands to refer to, and how to count what they did. */
export async function basisOf(sandbox: Sandbox, basic: { readonly [field: string]: unknown }, connectionId: string) {
  const tables = createTables(sandbox.store, () => Date.now())
  const post = await createPoster(sandbox.origin, String(basic['username']), String(basic['password']))
  const id = (entity: EntityName, ...key: string[]) => unifiedId(connectionId, entity, key)
  const count = (service: string, set: string, equal: Row) => async () => tables.find(service, set, equal).length
  let counter = 0
  const mark = (what: string) => `${what} ${++counter}-${process.pid}`

  const supplier = String(
    one(
      tables.find(PARTNERS, 'A_SupplierPurchasingOrg', { PurchasingOrganization: '1010' }).filter(isOpen),
      'supplier that can be ordered from',
    )['Supplier'],
  )
  const item = one(tables.find(ORDERS, 'A_PurchaseOrderItem', { Plant: '1010' }).filter(isStocked), 'item for stock')
  const [material, storage] = [String(item['Material']), String(item['StorageLocation'])]
  const other = String(
    one(
      tables
        .find('API_STORAGELOCATION_SRV', 'StorageLocation', { Plant: '1010' })
        .filter((row) => row['StorageLocation'] !== storage),
      'other storage location',
    )['StorageLocation'],
  )
  const equipment = String(
    one(
      tables
        .find('API_EQUIPMENT', 'Equipment', { MaintenancePlant: '1010' })
        .filter((row) => row['EquipmentIsMarkedForDeletion'] !== true),
      'equipment',
    )['Equipment'],
  )
  const place = (storageLocation: string) => id('location', 'sloc', '1010', storageLocation)

  const flag = (holds: () => boolean) => async () => (holds() ? 1 : 0)

  /** Of what concerns this object, in the form in which SAP says it. */
  const refusing =
    (target: string, code: string, value: string) =>
    ({ url, body }: { readonly url: string; readonly body: string }): Partial<Answer> | null =>
      url.includes(target) || body.includes(target) ? sapError(code, value) : null

  return {
    sandbox,
    connectionId,
    tables,
    post,
    id,
    count,
    flag,
    mark,
    refusing,
    supplier,
    material,
    storage,
    other,
    equipment,
    place,
  }
}

const isOpen = (row: Row) => row['PurchasingIsBlockedForSupplier'] !== true
const isStocked = (row: Row) =>
  row['Material'] !== '' && row['StorageLocation'] !== '' && row['AccountAssignmentCategory'] === ''

const sapError = (code: string, value: string): Partial<Answer> => ({
  status: 400,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    error: {
      code,
      message: { lang: 'en', value },
      innererror: { errordetails: [{ code, message: value, propertyref: '', severity: 'error', target: '' }] },
    },
  }),
})
