import { expect, test } from 'vitest'
import { majorVersion } from '../../../../scripts/stack/java.ts'
import { findPostgresPrograms } from '../../../../scripts/stack/postgres.ts'

test.each([
  ['openjdk version "17.0.15" 2025-04-15', 17],
  ['openjdk version "21" 2023-09-19', 21],
  ['java version "1.8.0_412"', 8],
  ['sh: java: not found', null],
])('the version of %s is %s', (text, version) => {
  expect(majorVersion(text)).toBe(version)
})

test('the newest PostgreSQL that is new enough is used', () => {
  const debian = (version: string): string => `/usr/lib/postgresql/${version}/bin/initdb`
  expect(findPostgresPrograms([debian('9.6'), debian('13'), debian('15')])).toBe('/usr/lib/postgresql/15/bin')
  expect(findPostgresPrograms([debian('11')])).toBeNull()
  expect(findPostgresPrograms(['/usr/pgsql-16/bin/initdb'])).toBe('/usr/pgsql-16/bin')
  expect(findPostgresPrograms([])).toBeNull()
})
