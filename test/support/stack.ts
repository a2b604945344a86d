import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import type { Addresses, TrytonAccess } from '../../scripts/stack/addresses.ts'
import { createDatabase, dropDatabase, withDatabase } from '../../scripts/stack/postgres.ts'
import { createTrytonDatabase, dropTrytonDatabase } from '../../scripts/stack/tryton.ts'
import './global-setup.ts'

/** Addresses of the stack that the tests run on (found or started by `global-setup.ts`). */
export const stack = (): Addresses => inject('stack')

/** Something nobody else uses: `t3f9a1c20`. */
export const testName = (): string => `t${randomBytes(4).toString('hex')}`

/** Prefix for the topics, groups and transactional ids of one test: `t3f9a1c20.` */
export const testPrefix = (): string => `${testName()}.`

export interface TestDatabase {
  /** Connection string for this process. */
  readonly url: string
  /** Connection string for sinks: where Connect runs in a container it differs. */
  readonly urlFromConnect: string
  drop(): Promise<void>
}

/** An empty PostgreSQL database for one test. */
export async function testDatabase(): Promise<TestDatabase> {
  const { postgres, fromConnect } = stack()
  const name = testName()
  await createDatabase(postgres, name)
  return {
    url: withDatabase(postgres, name),
    urlFromConnect: withDatabase(fromConnect?.postgres ?? postgres, name),
    drop: () => dropDatabase(postgres, name),
  }
}

/** A fresh Tryton database (modules active, nothing in it) for one test; `drop` when done. */
export async function testTryton(): Promise<TrytonAccess & { drop(): Promise<void> }> {
  const name = testName()
  const access = await createTrytonDatabase(stack(), name)
  return { ...access, drop: () => dropTrytonDatabase(stack(), name) }
}
