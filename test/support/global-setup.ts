import type { TestProject } from 'vitest/node'
import type { Addresses } from '../../scripts/stack/addresses.ts'
import { findStack, type Stack } from '../../scripts/stack/find.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Addresses of the stack that the tests run on. */
    stack: Addresses
  }
}

/** Projects of one run share one stack; the last to end stops it. */
let found: Promise<Stack> | null = null
let users = 0

/** Finds or starts the stack before the tests of a project, and stops what it started after them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  users += 1
  found ??= findStack({
    data: 'test-stack',
    fresh: true,
    durable: false,
    with: ['tryton'],
    say: (line) => console.log(`stack: ${line}`),
  })
  const stack = await found
  project.provide('stack', stack.addresses)
  return async () => {
    users -= 1
    if (users > 0) return
    found = null
    await stack.stop()
  }
}
