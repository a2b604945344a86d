/**
 * `npm test`: the checks, then every level of tests on real parts. Arguments: names of projects
 * (unit, contract, integration, chaos) to run only these. The last line is "N passed, N failed".
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runChecks } from './check.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const reportFile = `${root}.tributary/test-report.json`
const LEVELS = ['unit', 'contract', 'integration', 'chaos'] as const

interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numFailedTestSuites: number
  readonly success: boolean
}

/** Failed suites (a file that does not load) count too, so that a broken file can't pass as "0 failed". */
function runLevel(level: string): { passed: number; failed: number } {
  rmSync(reportFile, { force: true })
  const result = spawnSync(
    'vitest',
    [
      'run',
      '--project',
      level,
      '--passWithNoTests',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${reportFile}`,
    ],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
  )
  try {
    const report = JSON.parse(readFileSync(reportFile, 'utf8')) as Report
    const failed =
      report.numFailedTests + (report.numFailedTests === 0 && (!report.success || result.status !== 0) ? 1 : 0)
    return { passed: report.numPassedTests, failed }
  } catch {
    console.log(`${level}: vitest ended with ${result.status ?? result.signal} and wrote no report`)
    return { passed: 0, failed: 1 }
  }
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((level) => !(LEVELS as readonly string[]).includes(level))
if (unknown.length > 0) {
  console.error(`unknown level ${unknown.join(', ')}; known: ${LEVELS.join(', ')}`)
  process.exit(2)
}

mkdirSync(`${root}.tributary`, { recursive: true })
let passed = 0
let failed = 0
if (wanted.length === 0) {
  const checks = runChecks()
  passed += checks.filter((check) => check.ok).length
  failed += checks.filter((check) => !check.ok).length
}
for (const level of wanted.length === 0 ? LEVELS : wanted) {
  console.log(`\n── ${level} ──`)
  const counts = runLevel(level)
  passed += counts.passed
  failed += counts.failed
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
