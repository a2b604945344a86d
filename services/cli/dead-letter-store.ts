import {
  type Codec,
  DEAD_LETTERS,
  type DeadLetter,
  type Environment,
  type InRecord,
  type KafkaClient,
  openCodec,
  readTopic,
  requireRegistry,
  TOPICS,
} from '../../core/index.ts'

/** A dead letter under the name by which operators call it: `<topic>/<partition>/<offset>` of the original. */
export interface NamedLetter extends DeadLetter {
  readonly name: string
}

export interface LetterFilter {
  readonly service?: string | undefined
  readonly connection?: string | undefined
  readonly kind?: string | undefined
  readonly name?: string | undefined
}

const matches = (letter: NamedLetter, filter: LetterFilter): boolean =>
  (filter.service === undefined || letter.service === filter.service) &&
  (filter.connection === undefined || letter.connection_id === filter.connection) &&
  (filter.kind === undefined || letter.kind === filter.kind) &&
  (filter.name === undefined || letter.name === filter.name)

export const codecOf = (env: Environment): Promise<Codec> =>
  openCodec({ registryUrl: requireRegistry(env), prefix: env.kafka.prefix, register: true })

const copy = (bytes: Buffer | null): Buffer | null => (bytes === null ? null : Buffer.from(bytes))

/** Hands over each dead letter that matches, oldest first within a partition. Bytes are views: copy what is kept. */
export async function eachLetter(
  kafka: KafkaClient,
  codec: Codec,
  filter: LetterFilter,
  take: (letter: NamedLetter) => void,
): Promise<void> {
  await readTopic(kafka, DEAD_LETTERS, {
    onRecord({ key, value }: InRecord) {
      if (value === null) return
      const letter = { ...codec.deadLetter.decode(value), name: key?.toString() ?? '' }
      if (matches(letter, filter)) take(letter)
    },
  })
}

export const kept = (letter: NamedLetter): NamedLetter => ({
  ...letter,
  key: copy(letter.key),
  value: copy(letter.value),
})

const COMPACTED: ReadonlySet<string> = new Set(
  TOPICS.filter(({ cleanup }) => cleanup.includes('compact')).map(({ name }) => name),
)

/** What an original record is worth redriving for: it exists in Kafka, and nothing newer has its key. */
export type Verdict = 'redrive' | 'never in Kafka' | 'superseded'

/**
 * The raw topics are compacted: putting an old record behind a newer one of the same key would let compaction drop the
 * newer one. So a letter whose key was written again since is left alone; that also makes a second redrive do nothing.
 * In topics that are not compacted (commands, deliveries of webhooks) a key is a connection's and says nothing about the
 * record; there, who reads knows by its id what was processed before.
 */
export async function judgeLetters(
  kafka: KafkaClient,
  letters: readonly NamedLetter[],
): Promise<ReadonlyMap<NamedLetter, Verdict>> {
  const verdicts = new Map<NamedLetter, Verdict>()
  const byTopic = Map.groupBy(
    letters.filter(({ partition, offset, key }) => partition >= 0 && offset >= 0 && key !== null),
    ({ topic }) => topic,
  )
  for (const [topic, own] of byTopic) {
    if (!COMPACTED.has(topic)) {
      // one that was redriven and failed once more has two letters
      const newest = new Map(own.toSorted((a, b) => a.offset - b.offset).map((letter) => [bytesOf(letter), letter]))
      for (const letter of own) verdicts.set(letter, newest.get(bytesOf(letter)) === letter ? 'redrive' : 'superseded')
      continue
    }
    const from = new Map<number, number>()
    const last = new Map<string, number>()
    for (const { partition, offset, key } of own) {
      from.set(partition, Math.min(offset, from.get(partition) ?? offset))
      last.set(nameOf(partition, key), -1)
    }
    await readTopic(kafka, topic, {
      partitions: [...from.keys()],
      from,
      onRecord({ partition, offset, key }) {
        const name = nameOf(partition, key)
        if (last.has(name)) last.set(name, offset)
      },
    })
    for (const letter of own)
      verdicts.set(
        letter,
        (last.get(nameOf(letter.partition, letter.key)) ?? -1) > letter.offset ? 'superseded' : 'redrive',
      )
  }
  return new Map(letters.map((letter) => [letter, verdicts.get(letter) ?? 'never in Kafka']))
}

const bytesOf = ({ partition, value }: NamedLetter): string => `${partition}/${value?.toString('latin1') ?? ''}`
const nameOf = (partition: number, key: Buffer | null): string => `${partition}/${key?.toString('latin1') ?? ''}`
