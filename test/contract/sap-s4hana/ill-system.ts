import { afterAll, beforeAll, beforeEach } from 'vitest'
import { createSwitches } from '../../../connectors/sap-s4hana/sandbox/faults.ts'
import type { Sandbox } from '../../../connectors/sap-s4hana/sandbox/index.ts'
import { describeError, type EntityName } from '../../../core/index.ts'
import { type Harness, readAll, snapshotRange } from '../kit/harness.ts'
import { connectTo, httpClient, streamNamed } from './cycle.ts'
import { basicConfig, sapTime, startSap } from './harness.ts'

/** A sandbox for the tests of one file, well again before each, and what an operator reads when it is not. */
export function illSystem() {
  const http = httpClient()
  let sandbox: Sandbox

  beforeAll(async () => {
    sandbox = await startSap()
  })
  beforeEach(() => {
    Object.assign(sandbox.switches, createSwitches())
    for (const user of sandbox.users) delete user.deniedServices
  })
  afterAll(async () => {
    await http.close()
    await sandbox?.close()
  })

  return {
    http,
    sandbox: () => sandbox,
    connect: (changes: Harness['config'] = {}) => connectTo({ ...basicConfig(sandbox), ...changes }, http),
    all: (session: unknown, entity: EntityName, pageSize = 500) =>
      readAll(streamNamed(entity), session, snapshotRange(sapTime(), pageSize)),

    /** What is thrown, as logs show it; the address of this run is left out. */
    told: async (work: Promise<unknown>) => {
      const error = await work.then(
        () => new Error('nothing was thrown'),
        (reason: unknown) => reason as Error,
      )
      const { kind, streamOnly, status, vendorCode } = error as unknown as { [field: string]: unknown }
      const message = describeError(error).replaceAll(sandbox.origin, 'https://s4')
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
