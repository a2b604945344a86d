import { unifiedId } from '../../../core/index.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../connectors/sap-s4hana/sandbox/index.ts'
import { readSapTruth, SAP_ENTITIES } from '../sap-truth.ts'
import type { TestedSystem } from './system.ts'

export const SAP_CONNECTION = 'plant-s4'

/** An S/4HANA sandbox of its own, in this process. */
export async function testedSap(options: SandboxOptions): Promise<TestedSystem & { readonly sandbox: Sandbox }> {
  const sandbox = await startSandbox(options)
  const [user] = sandbox.users
  if (user === undefined) throw new Error('the sandbox has no user')
  return {
    connectionId: SAP_CONNECTION,
    system: 'sap-s4hana',
    settings: {
      base_url: sandbox.origin,
      sap_client: '100',
      username: user.name,
      password: user.password,
      company_code: '1010',
      purchasing_organization: '1010',
      page_size: 40,
    },
    entities: SAP_ENTITIES,
    sandbox,
    async truth() {
      return readSapTruth(sandbox.store, (entity, ...key) => unifiedId(SAP_CONNECTION, entity, key))
    },
    close: () => sandbox.close(),
  }
}
