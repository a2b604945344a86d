import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { CONNECTORS, connectorOf } from '../../connectors/index.ts'
import {
  ConfigurationError,
  type Connection,
  describeError,
  environmentVariables,
  shownSettings,
} from '../../core/index.ts'
import { planApply } from './apply.ts'
import { readConnection, readConnections, writeConnections } from './connection-table.ts'
import { type DeclaredConnection, type ParsedDeclaration, parseDeclaration } from './declaration.ts'
import { type Installation, withInstallation } from './installation.ts'
import { CommandError, instant, print, printJson, table } from './output.ts'

export const declarationContext = () => ({ connectors: CONNECTORS, variables: environmentVariables() })

/** @param path "-" = standard input  @throws CommandError, ConfigurationError with every problem */
export function readDeclaration(path: string): readonly DeclaredConnection[] {
  let text: string
  try {
    text = readFileSync(path === '-' ? 0 : path, 'utf8')
  } catch (error) {
    throw new CommandError(`cannot read ${path}: ${describeError(error)}`)
  }
  return usable(parseDeclaration(text, declarationContext()), path)
}

export function usable(parsed: ParsedDeclaration, what: string): readonly DeclaredConnection[] {
  if (!parsed.ok) throw new ConfigurationError(`${what} is not usable; nothing was changed`, parsed.problems)
  return parsed.connections
}

export async function applyDeclared(
  { kafka, box }: Installation,
  declared: readonly DeclaredConnection[],
  options: { readonly dryRun?: boolean; readonly onlyNew?: boolean } = {},
) {
  const { connections: existing } = await readConnections(kafka)
  for (const { id } of declared)
    if (options.onlyNew === true && existing.has(id))
      throw new CommandError(`connection ${id} exists; \`tributary connection apply\` changes it`)
  const plan = planApply(declared, { existing, connectorOf, box, now: Date.now() })
  if (plan.problems.length > 0) throw new ConfigurationError('nothing was changed', plan.problems)
  if (options.dryRun !== true) await writeConnections(kafka, plan.writes)
  return plan.outcomes
}

async function apply(options: { file: string; dryRun?: boolean; json?: boolean }): Promise<void> {
  const declared = readDeclaration(options.file)
  await withInstallation(async (installation) => {
    const outcomes = await applyDeclared(installation, declared, { dryRun: options.dryRun === true })
    if (options.json === true) return printJson(outcomes)
    for (const { id, outcome } of outcomes)
      print(`${id} ${options.dryRun === true && outcome !== 'unchanged' ? `would be ${outcome}` : outcome}`)
  })
}

const shown = (connection: Connection) => ({
  ...connection,
  settings: shownSettings(connection),
  webhook:
    connection.webhook === null
      ? null
      : { ...connection.webhook, secrets: connection.webhook.secrets.map(() => '[sealed]') },
})

async function list(options: { all?: boolean; json?: boolean }): Promise<void> {
  await withInstallation(async ({ kafka }) => {
    const { connections, broken } = await readConnections(kafka)
    const rows = [...connections.values()].filter(({ status }) => options.all === true || status !== 'removed')
    if (options.json === true) return printJson(rows.map(shown))
    print(
      table(
        ['CONNECTION', 'SYSTEM', 'STATUS', 'REASON', 'CHANGED'],
        [
          ...rows.map((each) => [each.id, each.system, each.status, each.statusReason, instant(each.updatedAt)]),
          ...[...broken].map(([id, reason]) => [id, null, 'unreadable', reason, null]),
        ],
      ),
    )
  })
}

const show = (id: string): Promise<void> =>
  withInstallation(async ({ kafka }) => printJson(shown(await readConnection(kafka, id))))

async function setStatus(id: string, status: Connection['status'], reason: string | null): Promise<void> {
  await withInstallation(async ({ kafka }) => {
    const connection = await readConnection(kafka, id)
    if (connection.status === 'removed' && status !== 'removed')
      throw new CommandError(`connection ${id} was removed, and ids are never reused: add a new one`)
    if (connection.status === status && connection.statusReason === reason) return print(`${id} is ${status} already`)
    await writeConnections(kafka, [{ ...connection, status, statusReason: reason, updatedAt: Date.now() }])
    print(`${id} is ${status}`)
  })
}

async function remove(id: string, options: { yes?: boolean }): Promise<void> {
  if (options.yes !== true)
    throw new CommandError(
      `removing ${id} ends its sync for good (its records stay in Kafka, its id is never reused); repeat with --yes, or use \`tributary connection pause ${id}\``,
    )
  await setStatus(id, 'removed', null)
}

export function addConnectionCommands(program: Command): Command {
  const connection = program.command('connection').description('accounts in the systems that are synced')
  connection
    .command('apply')
    .description('creates and changes what a YAML or JSON file declares; what it does not name is left alone')
    .requiredOption('-f, --file <path>', 'the file, or - for standard input; ${NAME} stands for environment variables')
    .option('--dry-run', 'checks and tells, changes nothing')
    .option('--json')
    .action(apply)
  connection.command('list').option('--all', 'removed ones too').option('--json').action(list)
  connection.command('show <id>').description('as JSON, without secrets').action(show)
  connection
    .command('pause <id>')
    .option('--reason <text>', 'shown by `connection list`')
    .action((id: string, options: { reason?: string }) => setStatus(id, 'paused', options.reason ?? null))
  connection.command('resume <id>').action((id: string) => setStatus(id, 'active', null))
  connection.command('remove <id>').option('--yes', 'yes, remove it').action(remove)
  return connection
}
