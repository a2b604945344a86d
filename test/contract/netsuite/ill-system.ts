import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest'
import { type Account, createAccount } from '../../../connectors/netsuite/sandbox/account.ts'
import { createSwitches } from '../../../connectors/netsuite/sandbox/faults.ts'
import type { Sandbox } from '../../../connectors/netsuite/sandbox/index.ts'
import { describeError, type EntityName } from '../../../core/index.ts'
import { type Harness, readAll, snapshotRange } from '../kit/harness.ts'
import { connectTo, httpClient, streamNamed } from './cycle.ts'
import { certificateConfig, netsuiteTime, startNetSuite } from './harness.ts'

/** An account whose settings a test changes while it runs. */
type Changeable = { -readonly [setting in keyof Account]: Account[setting] }

/** A sandbox for the tests of one file, well again before each, and what an operator reads when it is not. */
export function illSystem() {
  const http = httpClient()
  let sandbox: Sandbox

  beforeAll(async () => {
    sandbox = await startNetSuite()
  })
  beforeEach(() => {
    // repeats without pauses
    vi.spyOn(Math, 'random').mockReturnValue(0)
    Object.assign(sandbox.switches, createSwitches())
    Object.assign(sandbox.account, createAccount())
    const { credentials } = sandbox
    sandbox.uploadCertificate(credentials.certificateId, credentials.privateKey)
  })
  afterEach(() => void vi.restoreAllMocks())
  afterAll(async () => {
    await http.close()
    await sandbox?.close()
  })

  return {
    http,
    sandbox: () => sandbox,
    account: () => sandbox.account as Changeable,
    connect: (changes: Harness['config'] = {}) => connectTo({ ...certificateConfig(sandbox), ...changes }, http),
    all: (session: unknown, entity: EntityName, pageSize = 500) =>
      readAll(streamNamed(entity), session, snapshotRange(netsuiteTime(), pageSize)),

    /** What is thrown, as logs show it; the address of this run is left out. */
    told: async (work: Promise<unknown>) => {
      const error = await work.then(
        () => new Error('nothing was thrown'),
        (reason: unknown) => reason as Error,
      )
      const { kind, streamOnly, status, vendorCode } = error as unknown as { [field: string]: unknown }
      const message = describeError(error)
        .replaceAll(sandbox.origin, 'https://ns')
        .replaceAll(new URL(sandbox.origin).host, 'ns')
      return {
        message,
        kind,
        ...(streamOnly === undefined ? {} : { streamOnly }),
        ...(status === undefined ? {} : { status }),
        ...(vendorCode === undefined ? {} : { vendorCode }),
      }
    },
  }
}
