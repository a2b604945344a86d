import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { requireOnMachine } from '../../../../scripts/stack/requirements.ts'

beforeEach(() => {
  vi.stubEnv('PATH', '/nonexistent')
  vi.stubEnv('JAVA_HOME', '')
})
afterEach(() => {
  vi.unstubAllEnvs()
})

const neverFetched = { name: 'never-fetched', recipe: 'x', build: () => Promise.reject(new Error('not here')) }

test('all that is missing is said at once, with what to install and what else to do', async () => {
  const required = requireOnMachine({ java: true, postgres: false, artifacts: [neverFetched] })
  await expect(required).rejects.toThrow(
    /cannot start here:\n {2}Java 17 or newer is needed \(none found\).*jre-headless\n {2}Maven.*apt-get install maven\nor start Docker/,
  )
})

test('what is not needed is not asked for', async () => {
  expect(await requireOnMachine({ java: false, postgres: false, artifacts: [] })).toBe('java')
})
