/** The unified topics as a person likes to read them: one line for each change. */
import {
  createKafka,
  ENTITY_NAMES,
  type EntityName,
  type Following,
  followTopic,
  openCodec,
  silentLogger,
  unifiedTopicOf,
} from '../../core/index.ts'

export interface LiveChanges {
  /** Records seen so far, by entity: live ones, and those marked deleted. */
  counts(): ReadonlyMap<EntityName, { readonly live: number; readonly deleted: number }>
  /** From now on each change is printed. */
  show(say: (line: string) => void): void
  close(): Promise<void>
}

/** Fields that say nothing to people about what changed. */
const QUIET = new Set([
  'version',
  'source_version',
  'origin',
  'synced_at',
  'updated_at',
  'mapping_version',
  'raw',
  'display_name',
])
const SHOWN_FIELDS = 3

type Row = { readonly [field: string]: unknown }

const short = (value: unknown): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 40 ? `${text.slice(0, 39)}…` : text
}

/** `name: Old → New, city: …`; the number of lines where lines changed. */
export function describeChange(before: Row | undefined, after: Row): string {
  if (before === undefined) return 'new'
  if (after['deleted_at'] !== null && before['deleted_at'] === null) return 'deleted'
  const changed = Object.keys(after).filter(
    (field) => !QUIET.has(field) && JSON.stringify(after[field]) !== JSON.stringify(before[field]),
  )
  const parts = changed
    .slice(0, SHOWN_FIELDS)
    .map((field) =>
      Array.isArray(after[field]) ? `${field} changed` : `${field}: ${short(before[field])} → ${short(after[field])}`,
    )
  if (changed.length > SHOWN_FIELDS) parts.push(`and ${changed.length - SHOWN_FIELDS} more`)
  return parts.length === 0 ? 'read again' : parts.join(', ')
}

/** How long after the change it is here, where the system told of it; its clock is ours. */
export function pushed(row: Row, now: number): string {
  const at = row['updated_at']
  if (row['origin'] !== 'WEBHOOK') return ''
  return typeof at === 'number' ? `  (webhook, ${((now - at) / 1000).toFixed(1)} s after the change)` : '  (webhook)'
}

export async function followUnified(options: {
  readonly brokers: string
  readonly registryUrl: string
  readonly prefix: string
}): Promise<LiveChanges> {
  const kafka = createKafka(
    { brokers: options.brokers.split(','), clientId: 'show', prefix: options.prefix },
    silentLogger,
  )
  const codec = await openCodec({ registryUrl: options.registryUrl, prefix: options.prefix, register: true })
  const known = new Map<EntityName, Map<string, Row>>(ENTITY_NAMES.map((entity) => [entity, new Map()]))
  let say: ((line: string) => void) | null = null
  const followers: Following[] = ENTITY_NAMES.map((entity) => {
    const rows = known.get(entity) as Map<string, Row>
    return followTopic(kafka, unifiedTopicOf(entity), (record) => {
      const key = record.key?.toString() ?? ''
      if (record.value === null) return void rows.delete(key)
      const row = codec.unified(entity).decode(record.value) as unknown as Row
      if (say !== null) {
        const time = new Date().toLocaleTimeString('en-GB')
        const change = describeChange(rows.get(key), row)
        say(`${time}  ${entity.padEnd(18)} ${short(row['display_name'])}  ${change}${pushed(row, Date.now())}`)
      }
      rows.set(key, row)
    })
  })
  await Promise.all(followers.map(({ ready }) => ready))
  return {
    counts: () =>
      new Map(
        [...known].map(([entity, rows]) => {
          const deleted = [...rows.values()].filter((row) => row['deleted_at'] !== null).length
          return [entity, { live: rows.size - deleted, deleted }] as const
        }),
      ),
    show(line) {
      say = line
    },
    async close() {
      await Promise.all(followers.map((follower) => follower.close()))
      await kafka.close()
    },
  }
}
