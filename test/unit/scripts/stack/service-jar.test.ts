import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { serviceJar } from '../../../../scripts/stack/service-jar.ts'

test('the jar is a zip that says where its one entry is and what its checksum is', () => {
  const jar = serviceJar('a.Service', 'b.Implementation')
  const end = jar.subarray(-22)
  const central = jar.subarray(end.readUInt32LE(16))
  expect(central.readUInt32LE(0)).toBe(0x02014b50)
  expect(end.readUInt32LE(12)).toBe(central.length - 22)
  const name = central.subarray(46, 46 + central.readUInt16LE(28)).toString()
  expect(name).toBe('META-INF/services/a.Service')
  const start = central.readUInt32LE(42) + 30 + name.length
  const body = jar.subarray(start, start + central.readUInt32LE(24))
  expect(body.toString()).toBe('b.Implementation\n')
  expect(central.readUInt32LE(16)).toBe(crc32(body))
})

test('Python, which is no program of ours, reads it', ({ skip }) => {
  const dir = mkdtempSync(join(tmpdir(), 'jar-'))
  try {
    writeFileSync(join(dir, 'x.jar'), serviceJar('a.Service', 'b.Implementation'))
    let listing: string
    try {
      listing = execFileSync('python3', ['-m', 'zipfile', '-t', join(dir, 'x.jar')], { encoding: 'utf8' })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return skip('no python3')
      throw error
    }
    expect(listing).toContain('Done testing')
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})
