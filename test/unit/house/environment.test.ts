import { expect, test } from 'vitest'
import { environmentReaders } from '../../../scripts/check-environment.ts'

test('a file that reads the environment outside core/config.ts is named', () => {
  const files = new Map([
    ['core/config.ts', 'export const a = process.env.HOME'],
    ['services/sync/main.ts', "const b = process.env['X']"],
    ['core/log.ts', 'const c = process?.env'],
    ['core/ids.ts', 'const environment = 1'],
  ])
  expect(environmentReaders(files)).toEqual(['services/sync/main.ts', 'core/log.ts'])
})
