/** What `npm start` remembers between starts, in `.tributary/demo.json`. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newSecretKey } from '../../core/index.ts'
import { STATE_DIR } from '../stack/paths.ts'

export interface DemoState {
  /** Opens the stored passwords of the demo's connections. */
  readonly secretKeys: string
  /** Ids of the systems whose data are complete. */
  readonly filled: readonly string[]
}

const FILE = join(STATE_DIR, 'demo.json')

export function readDemoState(): DemoState {
  if (!existsSync(FILE)) return { secretKeys: newSecretKey('demo'), filled: [] }
  const { secretKeys, filled, seeded } = JSON.parse(readFileSync(FILE, 'utf8')) as DemoState & { seeded?: boolean }
  // Tryton was the only system once.
  return { secretKeys, filled: filled ?? (seeded === true ? ['tryton'] : []) }
}

export function writeDemoState(state: DemoState): void {
  mkdirSync(STATE_DIR, { recursive: true })
  writeFileSync(`${FILE}.new`, JSON.stringify(state), { mode: 0o600 })
  renameSync(`${FILE}.new`, FILE)
}
