/** `npm run sandbox -- <system> [its options]`: the sandbox of a connector, e.g. `npm run sandbox -- sap-s4hana --help`. */
import { globSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Ids of the connectors that have a sandbox. */
export const sandboxes = (): string[] =>
  globSync('connectors/*/sandbox/main.ts', { cwd: root })
    .map((path) => path.split(/[\\/]/)[1] ?? '')
    .sort()

if (import.meta.main) {
  const [system] = process.argv.slice(2)
  if (system === undefined || !sandboxes().includes(system)) {
    const problem = system === undefined ? 'which system?' : `${system} has no sandbox`
    console.error(`${problem}; there is one of: ${sandboxes().join(', ')}\nusage: npm run sandbox -- <system> [--help]`)
    process.exit(2)
  }
  // The sandbox reads the arguments that follow.
  process.argv.splice(2, 1)
  await import(`../connectors/${system}/sandbox/main.ts`)
}
