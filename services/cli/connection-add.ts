import type { Command } from 'commander'
import { connectorOf } from '../../connectors/index.ts'
import { applyDeclared, declarationContext, usable } from './connection.ts'
import { checkDeclaration } from './declaration.ts'
import { withInstallation } from './installation.ts'
import { print, UsageError } from './output.ts'

interface AddOptions {
  readonly system: string
  readonly set: readonly string[]
  readonly timeZone?: string
  readonly currency?: string
  readonly windowDays?: string
}

/** `key=value` pairs as settings; comma separated where the connector wants a list. @throws UsageError */
export function settingsFrom(pairs: readonly string[], lists: readonly string[]): { [field: string]: unknown } {
  return Object.fromEntries(
    pairs.map((pair) => {
      const equals = pair.indexOf('=')
      if (equals < 1) throw new UsageError(`--set wants key=value, not "${equals < 0 ? pair : '='}"`)
      const field = pair.slice(0, equals)
      const value = pair.slice(equals + 1)
      return [field, lists.includes(field) ? value.split(',').map((each) => each.trim()) : value]
    }),
  )
}

async function add(id: string, { system, set, timeZone, currency, windowDays }: AddOptions): Promise<void> {
  const fields = connectorOf(system)?.config.describe() ?? []
  const lists = fields.filter(({ kind }) => kind === 'list').map(({ field }) => field)
  const declaration = {
    id,
    system,
    settings: settingsFrom(set, lists),
    ...(windowDays === undefined ? {} : { windowDays: windowDays === 'all' ? null : windowDays }),
    mapping: { ...(timeZone === undefined ? {} : { timeZone }), ...(currency === undefined ? {} : { currency }) },
  }
  const declared = usable(checkDeclaration({ connections: [declaration] }, declarationContext()), `connection ${id}`)
  await withInstallation(async (installation) => {
    await applyDeclared(installation, declared, { onlyNew: true })
    print(`${id} created; \`tributary connection test ${id}\` tries it`)
  })
}

export function addAddCommand(connection: Command): void {
  connection
    .command('add <id>')
    .description('creates one connection; a file for `apply` can say more')
    .requiredOption('--system <system>')
    .option(
      '--set <key=value>',
      "one of the connector's settings, repeatable; '${NAME}' keeps secrets out of the process list",
      (pair: string, before: string[]) => [...before, pair],
      [] as string[],
    )
    .option('--time-zone <zone>', 'IANA name, of local times in the system')
    .option('--currency <code>', 'where the system does not say')
    .option('--window-days <days>', 'of history in the first snapshot, or all')
    .action(add)
}
