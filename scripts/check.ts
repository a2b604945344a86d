/**
 * `npm run check`: everything that can be said without running the system. Each check prints one line;
 * `runChecks` gives the counts so that `npm test` can add them to its own.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

interface Check {
  readonly name: string
  /** Command and arguments; tools come from node_modules/.bin, which bootstrap put on the PATH. */
  readonly command: readonly string[]
  /** Further proof that the tool did its work, from its output; a message = failed. */
  readonly verify?: (output: string) => string | null
}

const CHECKS: readonly Check[] = [
  { name: 'types (tsc)', command: ['tsc', '--noEmit', '-p', '.'] },
  { name: 'lint with promise rules (oxlint)', command: ['oxlint', '--type-aware', '--deny-warnings'] },
  { name: 'format (biome)', command: ['biome', 'format', '.'] },
  {
    name: 'import rules (dependency-cruiser)',
    command: [
      'depcruise',
      'core',
      'schemas',
      'connectors',
      'services',
      'scripts',
      'bench',
      'test',
      '--output-type',
      'err',
    ],
    // A cruiser that cannot parse TypeScript "passes" with 0 modules; so the count is part of the check.
    verify: (output) => {
      const seen = Number(/\((\d+) modules/.exec(output)?.[1] ?? 0)
      return seen >= 80 ? null : `only ${seen} modules were seen; expected the whole tree`
    },
  },
  { name: 'dead code (knip)', command: ['knip', '--no-progress'] },
  { name: 'generated files and schema evolution', command: ['node', 'scripts/generate.ts', '--check'] },
  { name: 'environment is read in one place', command: ['node', 'scripts/check-environment.ts'] },
  { name: 'lockfile has no registry addresses', command: ['node', 'scripts/check-lockfile.ts'] },
]

export interface CheckResult {
  readonly name: string
  readonly ok: boolean
  readonly output: string
}

function run(check: Check): CheckResult {
  const [command = '', ...args] = check.command
  const result = spawnSync(command, args, { cwd: root, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } })
  const output = `${result.stdout ?? ''}${result.stderr ?? ''}${result.error === undefined ? '' : String(result.error)}`
  const complaint = result.status === 0 ? (check.verify?.(output) ?? null) : `exit code ${result.status}`
  return { name: check.name, ok: complaint === null, output: complaint === null ? output : `${output}\n${complaint}` }
}

/** Runs every check, printing a line each; failures with their output. */
export function runChecks(): CheckResult[] {
  return CHECKS.map((check) => {
    const result = run(check)
    console.log(`${result.ok ? '✓' : '✗'} ${result.name}`)
    if (!result.ok)
      console.log(
        result.output
          .trim()
          .split('\n')
          .slice(0, 80)
          .map((line) => `    ${line}`)
          .join('\n'),
      )
    return result
  })
}

if (import.meta.main) {
  const failed = runChecks().filter((result) => !result.ok).length
  process.exit(failed === 0 ? 0 : 1)
}
