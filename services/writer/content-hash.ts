import { createHash } from 'node:crypto'
import type { Command } from './command.ts'

/**
 * SHA-256, hex, of what a command says: tells a duplicate from a reused id. Who asked, when and until when is no part
 * of it: a client that sends a command again may stamp it anew.
 */
export function contentHash(entity: string, command: Command): string {
  const { connection_id, operation, target_id, expected_version, payload, dry_run } = command
  const said = [entity, connection_id, operation, target_id, expected_version, payload, dry_run]
  return createHash('sha256').update(JSON.stringify(said, told)).digest('hex')
}

/**
 * The order of fields is the schema's business, not the content's, and so is what is not said: a schema that gains an
 * optional field must not turn the same command, sent again after an upgrade, into another one.
 */
function told(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value
  const said = Object.entries(value).filter(([, one]) => one !== null && !(Array.isArray(one) && one.length === 0))
  return Object.fromEntries(said.sort(([a], [b]) => (a < b ? -1 : 1)))
}
