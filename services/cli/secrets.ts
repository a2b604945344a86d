import type { Command } from 'commander'
import {
  type Connection,
  isWebhookStateOld,
  newSecretKey,
  resealSettings,
  resealWebhook,
  SecretError,
} from '../../core/index.ts'
import { readConnections, writeConnections } from './connection-table.ts'
import { withInstallation } from './installation.ts'
import { CommandError, count, print, UsageError } from './output.ts'
import { readWebhookStates } from './webhook-store.ts'

function newKey({ id }: { id: string }): void {
  if (!/^[A-Za-z0-9_.-]+$/.test(id)) throw new UsageError('a key id is made of letters, digits, "_", "." and "-"')
  print(newSecretKey(id))
}

/** All or nothing: a secret that does not open is told before anything is written. */
async function rotate(): Promise<void> {
  await withInstallation(async ({ kafka, box }) => {
    const { connections } = await readConnections(kafka)
    const live = [...connections.values()].filter(({ status }) => status !== 'removed')
    const changed: Connection[] = []
    const problems: string[] = []
    for (const connection of live) {
      try {
        const settings = resealSettings(connection, box())
        const webhook = resealWebhook(connection, box())
        if (settings !== null || webhook !== null)
          changed.push({
            ...connection,
            settings: settings ?? connection.settings,
            webhook: webhook ?? connection.webhook,
            updatedAt: Date.now(),
          })
      } catch (error) {
        if (!(error instanceof SecretError)) throw error
        problems.push(error.message)
      }
    }
    if (problems.length > 0) throw new CommandError([...new Set(problems)].join('\n'))
    await writeConnections(kafka, changed)
    print(
      `${count(changed.length, 'connection')} sealed anew, ${live.length - changed.length} under the current key already`,
    )
    // sync owns these, and seals them anew when it takes a connection over
    const waiting = [...(await readWebhookStates(kafka)).values()].filter((state) => isWebhookStateOld(state, box()))
    if (waiting.length > 0)
      throw new CommandError(
        `keep the old key: sync has not yet sealed anew what systems sign webhooks with (${waiting.map(({ connectionId }) => connectionId).join(', ')}); restart it with the new key in front, then repeat`,
      )
  })
}

export function addSecretCommands(program: Command): void {
  const secrets = program.command('secrets').description('keys that seal stored credentials')
  secrets
    .command('new-key')
    .description('prints a new key for TRIBUTARY_SECRET_KEYS; put it first to seal with it, keep old ones to open')
    .option('--id <id>', 'name of the key', 'k1')
    .action(newKey)
  secrets.command('rotate').description('seals every stored secret anew under the first key').action(rotate)
}
