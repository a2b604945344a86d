import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Artifact, artifactDir, fetchArtifact } from '../../../../scripts/stack/artifacts.ts'
import { cacheDir } from '../../../../scripts/stack/paths.ts'

let cache: string
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'artifacts-'))
})
afterEach(() => rmSync(cache, { recursive: true, force: true }))

function artifact(recipe: string, build: (dir: string) => Promise<void>): Artifact {
  return { name: 'thing-1.0', recipe, build }
}

describe('fetching an artifact', () => {
  test('builds it once; the second time nothing is fetched', async () => {
    let builds = 0
    const thing = artifact('a', async (dir) => {
      builds += 1
      writeFileSync(join(dir, 'jar'), 'x')
    })
    const dir = await fetchArtifact(thing, cache)
    expect(await fetchArtifact(thing, cache)).toBe(dir)
    expect(readFileSync(join(dir, 'jar'), 'utf8')).toBe('x')
    expect(builds).toBe(1)
  })

  test('that was interrupted leaves nothing that looks whole, and is fetched anew', async () => {
    const broken = artifact('a', async (dir) => {
      writeFileSync(join(dir, 'half'), 'x')
      throw new Error('connection reset')
    })
    await expect(fetchArtifact(broken, cache)).rejects.toThrow('connection reset')
    expect(readdirSync(cache)).toEqual([])
    const dir = await fetchArtifact(
      artifact('a', async (into) => writeFileSync(join(into, 'whole'), 'x')),
      cache,
    )
    expect(readdirSync(dir)).toEqual(['whole'])
  })

  test('that was killed in the middle is not taken for whole', async () => {
    const thing = artifact('a', async (dir) => writeFileSync(join(dir, 'whole'), 'x'))
    const killed = artifact('a', () => new Promise(() => {}))
    void fetchArtifact(killed, cache)
    expect(existsSync(artifactDir(thing, cache))).toBe(false)
    expect(readdirSync(await fetchArtifact(thing, cache))).toEqual(['whole'])
  })

  test('with another recipe is another folder', async () => {
    const build = async (dir: string): Promise<void> => writeFileSync(join(dir, 'x'), '')
    const one = await fetchArtifact(artifact('version 1', build), cache)
    const two = await fetchArtifact(artifact('version 2', build), cache)
    expect(one).not.toBe(two)
  })

  test('fetched by another process at the same time is used as it is', async () => {
    const thing = artifact('a', async () => {
      await fetchArtifact(
        { ...artifact('a', async (dir) => writeFileSync(join(dir, 'theirs'), 'x')), name: 'thing-1.0' },
        cache,
      ).catch(() => {})
      const dir = artifactDir(
        artifact('a', async () => {}),
        cache,
      )
      if (!existsSync(dir)) throw new Error('the other one did not finish')
      throw new Error('late')
    })
    await fetchArtifact(thing, cache)
    expect(readdirSync(artifactDir(thing, cache))).toEqual(['theirs'])
  })
})

describe('the cache', () => {
  test('is the one of the user', () => {
    expect(cacheDir({ XDG_CACHE_HOME: cache })).toBe(join(cache, 'tributary'))
  })

  test('is inside the project when the home cannot be written', () => {
    expect(cacheDir({ XDG_CACHE_HOME: '/dev/null/home' }, cache)).toBe(join(cache, 'cache'))
  })
})
