/** Fails when the lockfile names the host packages came from: it would not work with another registry. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const lock = readFileSync(fileURLToPath(new URL('../package-lock.json', import.meta.url)), 'utf8')
const resolved = lock.match(/"resolved": "https?:/g)?.length ?? 0
if (resolved > 0) {
  console.error(
    `package-lock.json holds ${resolved} resolved addresses: keep omit-lockfile-registry-resolved=true in .npmrc and write it again`,
  )
  process.exit(1)
}
