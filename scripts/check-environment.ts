/** Fails when a file of core, connectors, services or schemas but core/config.ts reads `process.env`. */
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Files that read the environment though they may not, among `files` (path → text). */
export function environmentReaders(files: ReadonlyMap<string, string>): string[] {
  return [...files]
    .filter(([path, text]) => path !== 'core/config.ts' && /process\s*\??\.\s*env\b/.test(text))
    .map(([path]) => path)
}

if (import.meta.main) {
  const paths = globSync('{core,connectors,services,schemas}/**/*.ts', { cwd: root })
  const files = new Map(paths.map((path) => [path, readFileSync(`${root}${path}`, 'utf8')]))
  const wrong = environmentReaders(files)
  for (const path of wrong) console.error(`${path} reads process.env; take it from core/config.ts instead`)
  if (files.size === 0) console.error('no files seen')
  process.exit(wrong.length === 0 && files.size > 0 ? 0 : 1)
}
