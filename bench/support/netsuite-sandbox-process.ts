/** A NetSuite sandbox in a process of its own, which tells how many requests were in flight. Argument: SandboxSpec. */
import { startSandbox } from '../../connectors/netsuite/sandbox/index.ts'
import type { SandboxSpec } from './netsuite-sandbox.ts'

const spec = JSON.parse(process.argv[2] ?? '{}') as SandboxSpec
const { concurrencyLimit, ...options } = spec
const sandbox = await startSandbox({ ...options, account: { concurrencyLimit } })
const { concurrency, credentials, account } = sandbox

process.on('message', (what) => {
  const { average, max, refused } = concurrency
  if (what === 'reset') concurrency.reset()
  process.send?.({ average, max, refused })
})
process.on('disconnect', () => process.exit(0))
process.send?.({
  settings: {
    account_id: account.id,
    base_url: sandbox.origin,
    client_id: credentials.clientId,
    certificate_id: credentials.certificateId,
    private_key: credentials.privateKey,
  },
})
