import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { runCommand } from '../services.ts'
import { STATE_DIR } from '../stack/paths.ts'
import type { DemoSystem, RunningSystem } from './system.ts'
import { DEMO_SYSTEMS } from './systems.ts'

export interface Opened {
  readonly system: DemoSystem
  readonly running: RunningSystem
}

const NOT_RUNNING = 'the demo runs without it'

interface Listed {
  readonly id: string
  readonly status: string
  readonly statusReason: string | null
}

/**
 * Declares the connections of the systems that run, as a user would, and pauses those of an earlier start's that do not.
 * @returns the file with the declaration
 */
export async function declareConnections(
  opened: readonly Opened[],
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const file = join(STATE_DIR, 'connections.yaml')
  const connections = opened.map(({ system, running }) => ({
    id: system.connectionId,
    system: system.id,
    ...running.connection,
  }))
  writeFileSync(file, stringify({ connections }))
  const secrets = Object.assign({}, ...opened.map(({ running }) => running.secrets)) as Record<string, string>
  await runCommand(['connection', 'apply', '-f', file], { ...env, ...secrets })

  const chosen = new Set(connections.map(({ id }) => id))
  const ours = new Set(DEMO_SYSTEMS.map(({ connectionId }) => connectionId))
  const listed = JSON.parse(await runCommand(['connection', 'list', '--json'], env)) as Listed[]
  for (const { id, status, statusReason } of listed.filter((each) => ours.has(each.id))) {
    if (!chosen.has(id) && status === 'active')
      await runCommand(['connection', 'pause', id, '--reason', NOT_RUNNING], env)
    if (chosen.has(id) && status === 'paused' && statusReason === NOT_RUNNING)
      await runCommand(['connection', 'resume', id], env)
  }
  return file
}
