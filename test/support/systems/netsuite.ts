import { unifiedId } from '../../../core/index.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../connectors/netsuite/sandbox/index.ts'
import { NETSUITE_ENTITIES, readNetSuiteTruth } from '../netsuite-truth.ts'
import type { TestedSystem } from './system.ts'

export const NETSUITE_CONNECTION = 'plant-ns'

const ASSET_FIELDS = {
  asset_number: 'number',
  description: 'description',
  asset_type: 'type',
  criticality: 'criticality',
  status: 'status',
  parent_id: 'parent',
  location_id: 'location',
  vendor_id: 'vendor',
  item_id: 'item',
  manufacturer: 'manufacturer',
  model: 'model',
  serial_number: 'serial',
  tag: 'tag',
  acquired_date: 'acquired',
  warranty_end_date: 'warranty_end',
  acquisition_cost: 'cost',
}

/** A NetSuite sandbox of its own, in this process. */
export async function testedNetSuite(options: SandboxOptions): Promise<TestedSystem & { readonly sandbox: Sandbox }> {
  const sandbox = await startSandbox(options)
  const { credentials } = sandbox
  return {
    connectionId: NETSUITE_CONNECTION,
    system: 'netsuite',
    settings: {
      account_id: sandbox.account.id,
      base_url: sandbox.origin,
      client_id: credentials.clientId,
      certificate_id: credentials.certificateId,
      private_key: credentials.privateKey,
      page_size: 40,
      asset_source: 'custom_record:customrecord_asset',
      asset_fields: Object.entries(ASSET_FIELDS).map(([field, name]) => `${field}=custrecord_asset_${name}`),
    },
    entities: NETSUITE_ENTITIES,
    sandbox,
    async truth() {
      return readNetSuiteTruth(sandbox.store, (entity, ...key) => unifiedId(NETSUITE_CONNECTION, entity, key))
    },
    close: () => sandbox.close(),
  }
}
