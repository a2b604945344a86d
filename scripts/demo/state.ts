/** What `npm start` remembers between starts, in `.tributary/demo.json`. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newSecretKey } from '../../core/index.ts'
import { STATE_DIR } from '../stack/paths.ts'

export interface DemoState {
  /** Opens the stored password of the demo's connection. */
  readonly secretKeys: string
  /** The ERP's database is complete. */
  readonly seeded: boolean
}

const FILE = join(STATE_DIR, 'demo.json')

export function readDemoState(): DemoState {
  if (existsSync(FILE)) return JSON.parse(readFileSync(FILE, 'utf8')) as DemoState
  return { secretKeys: newSecretKey('demo'), seeded: false }
}

export function writeDemoState(state: DemoState): void {
  mkdirSync(STATE_DIR, { recursive: true })
  writeFileSync(`${FILE}.new`, JSON.stringify(state), { mode: 0o600 })
  renameSync(`${FILE}.new`, FILE)
}
