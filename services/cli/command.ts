import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { parse } from 'yaml'
import {
  COMMAND_RESULTS,
  type Codec,
  type CommandResult,
  commandsTopic,
  describeError,
  ENTITY_NAMES,
  followTopic,
  type KafkaClient,
  WRITER_REQUESTS,
  type WritableEntity,
  type WriterRequest,
} from '../../core/index.ts'
import { describeResult, readResults } from './command-results.ts'
import { readConnection } from './connection-table.ts'
import { codecOf } from './dead-letter-store.ts'
import { withInstallation } from './installation.ts'
import { CommandError, instant, print, printJson, shorten, table, UsageError } from './output.ts'

interface Given {
  readonly [field: string]: unknown
}

function readCommand(file: string): Given {
  let value: unknown
  try {
    value = parse(readFileSync(file === '-' ? 0 : file, 'utf8'))
  } catch (error) {
    throw new CommandError(`reading ${file}: ${describeError(error)}`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new CommandError(`${file} holds no command: an object is expected`)
  return value as Given
}

function entityOf(name: string): WritableEntity {
  const found = ENTITY_NAMES.find((entity) => entity === name)
  if (found === undefined) throw new UsageError(`${name} is no entity; known: ${ENTITY_NAMES.join(', ')}`)
  return found
}

async function produce(kafka: KafkaClient, topic: string, key: string, value: Buffer): Promise<void> {
  const producer = kafka.producer()
  try {
    await producer.send([{ topic, key, value }])
  } finally {
    await producer.close()
  }
}

interface SendOptions {
  readonly dryRun?: boolean
  readonly wait: string
  readonly json?: boolean
}

async function send(entityName: string, file: string, options: SendOptions): Promise<void> {
  const entity = entityOf(entityName)
  const seconds = Number(options.wait)
  if (!(seconds >= 0)) throw new UsageError('--wait must be a number of seconds, 0 or more')
  await withInstallation(async ({ kafka, env }) => {
    const codec = await codecOf(env)
    // an id of its own: the id in the file stays free for the command itself
    const dryRun = options.dryRun === true ? { dry_run: true, command_id: randomUUID() } : {}
    const given = { command_id: randomUUID(), issued_at: Date.now(), ...readCommand(file), ...dryRun }
    const command = codec.command(entity).fromJson(given)
    await readConnection(kafka, command.connection_id)
    const answer = awaitFinal(kafka, codec, command.command_id, seconds * 1000)
    await answer.ready
    await produce(kafka, commandsTopic(entity), command.connection_id, codec.command(entity).encode(command as never))
    show(command.command_id, await answer.result, options)
  })
}

/** The final result of a command sent from now on; null = none within the time. */
function awaitFinal(kafka: KafkaClient, codec: Codec, commandId: string, withinMs: number) {
  let found: (result: CommandResult | null) => void = () => {}
  const first = new Promise<CommandResult | null>((resolve) => {
    found = resolve
  })
  const following = followTopic(
    kafka,
    COMMAND_RESULTS,
    ({ key, value }) => {
      if (value === null || key?.toString() !== commandId) return
      const result = codec.commandResult.decode(value)
      if (result.is_final) found(result)
    },
    { onFailure: () => found(null) },
  )
  const result = async () => {
    await following.ready
    const timer = setTimeout(() => found(null), withinMs)
    const last = await first
    clearTimeout(timer)
    await following.close()
    return last
  }
  return { ready: following.ready, result: result() }
}

function show(commandId: string, result: CommandResult | null, options: { readonly json?: boolean }): void {
  if (result === null) {
    if (options.json === true) printJson({ command_id: commandId, outcome: null })
    else print(`${commandId}: sent; no final result yet (\`tributary command status ${commandId}\`)`)
  } else if (options.json === true) printJson(result)
  else print(describeResult(result))
}

async function resultOf(kafka: KafkaClient, codec: Codec, id: string): Promise<CommandResult> {
  const result = (await readResults(kafka, codec, id)).get(id)
  if (result === undefined) throw new CommandError(`there is no result of a command ${id}: not sent, or not read yet`)
  return result
}

async function status(id: string, options: { readonly json?: boolean }): Promise<void> {
  await withInstallation(async ({ kafka, env }) => show(id, await resultOf(kafka, await codecOf(env), id), options))
}

interface ListOptions {
  readonly connection?: string
  readonly outcome?: string
  readonly open?: boolean
  readonly limit: string
  readonly json?: boolean
}

async function list(options: ListOptions): Promise<void> {
  const limit = Number(options.limit)
  if (!Number.isSafeInteger(limit) || limit < 1) throw new UsageError('--limit must be a whole number above 0')
  await withInstallation(async ({ kafka, env }) => {
    const all = [...(await readResults(kafka, await codecOf(env))).values()]
      .filter(({ connection_id }) => connection_id === (options.connection ?? connection_id))
      .filter(({ outcome }) => outcome === (options.outcome?.toUpperCase() ?? outcome))
      .filter(({ is_final }) => options.open !== true || !is_final)
      .toSorted((a, b) => b.received_at - a.received_at)
    const shown = all.slice(0, limit)
    if (options.json === true) return printJson(shown)
    const header = ['COMMAND', 'RECEIVED', 'CONNECTION', 'OPERATION', 'OUTCOME', 'RECORD', 'WHY']
    const rows = shown.map((each) => [
      each.command_id,
      instant(each.received_at),
      each.connection_id,
      `${each.operation} ${each.entity}`,
      `${each.outcome}${each.is_final ? '' : ' …'}`,
      each.source_id,
      shorten(each.errors.map(({ message }) => message).join('; '), 80),
    ])
    print(table(header, rows))
    if (all.length > limit) print(`… and ${all.length - limit} older (--limit)`)
  })
}

async function resolve(id: string, what: string, options: { readonly target?: string }): Promise<void> {
  if (what !== 'applied' && what !== 'not-applied') throw new UsageError('say `applied` or `not-applied`')
  await withInstallation(async ({ kafka, env }) => {
    const result = await resultOf(kafka, await codecOf(env), id)
    if (result.outcome !== 'IN_DOUBT')
      throw new CommandError(`command ${id} is not in doubt: it stands at ${result.outcome}`)
    const applied = what === 'applied'
    if (applied && result.operation === 'CREATE' && options.target === undefined)
      throw new UsageError('--target must name the record that was created, by its unified id')
    const request: WriterRequest = {
      id: randomUUID(),
      kind: 'resolve',
      connectionId: result.connection_id,
      commandId: id,
      applied,
      targetId: options.target ?? null,
      requestedAt: Date.now(),
    }
    await produce(kafka, WRITER_REQUESTS, result.connection_id, Buffer.from(JSON.stringify(request)))
    print(`${id}: settled as ${what}; \`tributary command status ${id}\` shows when the writer has taken note`)
  })
}

export function addCommandCommands(program: Command): void {
  const command = program.command('command').description('what clients ask to be written, and what became of it')
  command
    .command('send <entity> <file>')
    .description('sends a command from a JSON or YAML file (- = stdin) and waits for its final result')
    .option('--dry-run', 'validates only, writes nothing')
    .option('--wait <seconds>', 'how long to wait; 0 = not at all', '30')
    .option('--json')
    .action(send)
  command.command('status <id>').description('how a command stands').option('--json').action(status)
  command
    .command('list')
    .description('the latest result of each command, newest first')
    .option('--connection <id>', 'only of this one')
    .option('--outcome <outcome>', 'only these, e.g. in_doubt')
    .option('--open', 'only those without a final result')
    .option('--limit <number>', 'most commands shown', '50')
    .option('--json')
    .action(list)
  command
    .command('resolve <id> <applied|not-applied>')
    .description('says what became of a command in doubt, after a look into the system itself')
    .option('--target <unified id>', 'the record that it wrote')
    .action(resolve)
}
