import type { Sandbox } from '../../connectors/sap-s4hana/sandbox/index.ts'
import {
  COMMAND_RESULTS,
  type Codec,
  type CommandResult,
  commandsTopic,
  type KafkaClient,
  type RecordProducer,
  readTopic,
  unifiedId,
  type WritableEntity,
} from '../../core/index.ts'

/** Sends a command as JSON, as a client without a schema registry does. */
export async function sendCommand(
  producer: RecordProducer,
  entity: WritableEntity,
  command: { readonly connection_id: string; readonly [field: string]: unknown },
): Promise<void> {
  const value = Buffer.from(JSON.stringify({ issued_at: Date.now(), ...command }))
  await producer.send([{ topic: commandsTopic(entity), key: command.connection_id, value }])
}

/** All results of each command, in the order in which they were published. */
export async function readResults(kafka: KafkaClient, codec: Codec): Promise<Map<string, CommandResult[]>> {
  const results = new Map<string, CommandResult[]>()
  await readTopic(kafka, COMMAND_RESULTS, {
    onRecord({ key, value }) {
      if (key === null || value === null) return
      const id = key.toString()
      results.set(id, [...(results.get(id) ?? []), codec.commandResult.decode(value)])
    },
  })
  return results
}

/** What connections to the sandbox need in order to write. */
export const SAP_WRITE_SETTINGS = {
  company_code: '1010',
  purchasing_organization: '1010',
  purchasing_group: '001',
  plants: ['1010'],
  material_group: 'L001',
}

/** What an order in the sandbox can refer to. */
export function orderParts({ store }: Sandbox, connectionId: string) {
  const rows = (service: string, set: string) =>
    store.select(store.set(service, set), { where: { sql: '1', params: [] } })
  const supplier = rows('API_BUSINESS_PARTNER', 'A_SupplierPurchasingOrg').find(
    (row) => row['PurchasingOrganization'] === '1010' && row['PurchasingIsBlockedForSupplier'] !== true,
  )
  const item = rows('API_PURCHASEORDER_PROCESS_SRV', 'A_PurchaseOrderItem').find(
    (row) =>
      row['Plant'] === '1010' &&
      row['Material'] !== '' &&
      row['StorageLocation'] !== '' &&
      row['AccountAssignmentCategory'] === '',
  )
  return {
    vendor_id: unifiedId(connectionId, 'vendor', String(supplier?.['Supplier'])),
    item_id: unifiedId(connectionId, 'item', String(item?.['Material'])),
    location_id: unifiedId(connectionId, 'location', ['sloc', '1010', String(item?.['StorageLocation'])]),
  }
}
