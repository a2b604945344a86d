import type { Command } from 'commander'
import type { Codec, KafkaClient } from '../../core/index.ts'
import { codecOf, eachLetter, judgeLetters, kept, type LetterFilter, type NamedLetter } from './dead-letter-store.ts'
import { withInstallation } from './installation.ts'
import { CommandError, count, instant, print, printJson, shorten, table, UsageError } from './output.ts'

type ListOptions = LetterFilter & { readonly limit: string; readonly json?: boolean }

const shownBytes = (bytes: Buffer | null): string | null => {
  if (bytes === null) return null
  const text = bytes.toString('utf8')
  return Buffer.from(text).equals(bytes) ? text : `base64:${bytes.toString('base64')}`
}

async function list(options: ListOptions): Promise<void> {
  const limit = Number(options.limit)
  if (!Number.isSafeInteger(limit) || limit < 1) throw new UsageError('--limit must be a whole number above 0')
  await withInstallation(async ({ kafka, env }) => {
    let found = 0
    let newest: Omit<NamedLetter, 'value' | 'key'>[] = []
    const cut = () => (newest = newest.toSorted((a, b) => b.at - a.at).slice(0, limit))
    await eachLetter(kafka, await codecOf(env), options, ({ key: _key, value: _value, ...letter }) => {
      found += 1
      newest.push(letter)
      if (newest.length >= 2 * limit + 1000) cut()
    })
    cut()
    if (options.json === true) return printJson(newest)
    print(
      table(
        ['RECORD', 'AT', 'SERVICE', 'CONNECTION', 'KIND', 'ERROR'],
        newest.map((each) => [
          each.name,
          instant(each.at),
          each.service,
          each.connection_id,
          each.kind,
          shorten(each.error, 100),
        ]),
      ),
    )
    if (found > newest.length) print(`… and ${found - newest.length} older (--limit)`)
  })
}

/** @throws CommandError when there is none of that name */
async function newestOf(kafka: KafkaClient, codec: Codec, name: string): Promise<NamedLetter> {
  let found: NamedLetter | null = null as NamedLetter | null
  await eachLetter(kafka, codec, { name }, (letter) => (found = kept(letter)))
  if (found === null)
    throw new CommandError(`there is no dead letter ${name}; \`tributary dead-letters list\` names them`)
  return found
}

/** The change record inside, as far as it can be read; null = the value is none. */
function changeIn(codec: Codec, value: Buffer | null): unknown {
  if (value === null) return null
  try {
    const { payload, ...change } = codec.decodeChange(value)
    const text = payload.toString('utf8')
    try {
      return { ...change, payload: JSON.parse(text) as unknown }
    } catch {
      return { ...change, payload: text }
    }
  } catch {
    return null
  }
}

async function show(name: string): Promise<void> {
  await withInstallation(async ({ kafka, env }) => {
    const codec = await codecOf(env)
    const { key, value, at, ...letter } = await newestOf(kafka, codec, name)
    const change = changeIn(codec, value)
    printJson({
      ...letter,
      at: instant(at),
      key: shownBytes(key),
      ...(change === null ? { value: shownBytes(value) } : { change }),
    })
  })
}

const BATCH = 500

async function redrive(
  name: string | undefined,
  options: LetterFilter & { all?: boolean; json?: boolean },
): Promise<void> {
  const filter = { ...options, name }
  const chosen = [name, options.service, options.connection, options.kind].some((each) => each !== undefined)
  if (!chosen && options.all !== true)
    throw new UsageError('name a record, a filter (--service, --connection, --kind), or --all')
  await withInstallation(async ({ kafka, env }) => {
    const codec = await codecOf(env)
    const letters = new Map<string, NamedLetter>()
    if (name !== undefined) letters.set(name, await newestOf(kafka, codec, name))
    else await eachLetter(kafka, codec, filter, (letter) => letters.set(letter.name, kept(letter)))
    const verdicts = [...(await judgeLetters(kafka, [...letters.values()]))]
    const of = (wanted: string) => verdicts.filter(([, verdict]) => verdict === wanted).map(([letter]) => letter)
    const going = of('redrive').toSorted((a, b) => a.offset - b.offset)
    const producer = kafka.producer()
    try {
      for (let at = 0; at < going.length; at += BATCH)
        await producer.send(
          going.slice(at, at + BATCH).map(({ topic, partition, key, value }) => ({
            topic,
            partition,
            key: key as Buffer,
            value,
          })),
        )
    } finally {
      await producer.close()
    }
    const [superseded, never] = [of('superseded').length, of('never in Kafka').length]
    if (options.json === true) return printJson({ redriven: going.length, superseded, neverInKafka: never })
    print(`${count(going.length, 'record')} redriven`)
    if (superseded > 0)
      print(`${count(superseded, 'record')} left alone: a newer record with the same key has come since`)
    if (never > 0)
      print(
        `${count(never, 'record')} left alone: the system sent what could not be read, so it never was in Kafka; \`tributary sync resync\` reads it again`,
      )
  })
}

export function addDeadLetterCommands(program: Command): void {
  const letters = program.command('dead-letters').description('records that could not be processed')
  const filtered = (name: string, description: string) =>
    letters
      .command(name)
      .description(description)
      .option('--service <name>', 'that gave up on it: sync or normalizer')
      .option('--connection <id>')
      .option('--kind <kind>', 'of failure, as `list` shows it')
      .option('--json')
  filtered('list', 'the newest first').option('--limit <number>', 'how many', '50').action(list)
  letters.command('show <record>').description('everything about one, with its content').action(show)
  filtered('redrive [record]', 'puts them back where they came from, byte for byte')
    .option('--all', 'every one')
    .action(redrive)
}
