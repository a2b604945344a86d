import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { choosePorts } from '../../../../scripts/stack/ports.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ports-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

test('ports are different, free, and the same the next time', async () => {
  const file = join(dir, 'deeper', 'ports.json')
  const first = await choosePorts(file, ['a', 'b', 'c'])
  expect(new Set(Object.values(first)).size).toBe(3)
  expect(await choosePorts(file, ['a', 'b', 'c'])).toEqual(first)
})

test('a remembered port that somebody took is replaced, the others stay', async () => {
  const file = join(dir, 'ports.json')
  const first = await choosePorts(file, ['a', 'b'])
  const squatter = createServer().listen(first.a, '127.0.0.1')
  await once(squatter, 'listening')
  const second = await choosePorts(file, ['a', 'b'])
  squatter.close()
  expect(second.a).not.toBe(first.a)
  expect(second.b).toBe(first.b)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(second)
})

test('a damaged file is not an obstacle', async () => {
  const file = join(dir, 'ports.json')
  writeFileSync(file, '{"a":')
  expect((await choosePorts(file, ['a'])).a).toBeGreaterThan(0)
})
