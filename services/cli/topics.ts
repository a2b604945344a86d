import type { Command } from 'commander'
import { ensureTopics, type KafkaClient, TOPICS } from '../../core/index.ts'
import { withInstallation } from './installation.ts'
import { CommandError, count, print, printJson, table } from './output.ts'

/** Names (without prefix) of the topics that this installation lacks. */
const missingTopics = (kafka: KafkaClient): Promise<string[]> =>
  kafka.withAdmin(async (admin) => {
    const existing = new Set(await admin.listTopics())
    return TOPICS.map(({ name }) => name).filter((name) => !existing.has(kafka.topic(name)))
  })

async function list(options: { json?: boolean }): Promise<void> {
  await withInstallation(async ({ kafka }) => {
    const missing = new Set(await missingTopics(kafka))
    const rows = TOPICS.map(({ name, key, cleanup, about }) => ({
      topic: kafka.topic(name),
      exists: !missing.has(name),
      key,
      cleanup,
      about,
    }))
    if (options.json === true) return printJson(rows)
    print(
      table(
        ['TOPIC', 'EXISTS', 'CLEANUP', 'KEY', 'WHAT'],
        rows.map((row) => [row.topic, row.exists ? 'yes' : 'no', row.cleanup, row.key, row.about]),
      ),
    )
  })
}

async function create(): Promise<void> {
  await withInstallation(async ({ kafka, env: { partitions, replicationFactor } }) => {
    const { created } = await ensureTopics(kafka, TOPICS, { partitions, replicationFactor })
    print(
      created.length === 0
        ? `all ${TOPICS.length} topics exist`
        : `${count(created.length, 'topic')} created, ${partitions} partitions each`,
    )
  })
}

async function verify(): Promise<void> {
  await withInstallation(async ({ kafka, env: { partitions, replicationFactor } }) => {
    const missing = await missingTopics(kafka)
    if (missing.length > 0)
      throw new CommandError(
        `${count(missing.length, 'topic')} missing: ${missing.map(kafka.topic).join(', ')}; \`tributary topics create\` creates them`,
      )
    await ensureTopics(kafka, TOPICS, { partitions, replicationFactor })
    print(`all ${TOPICS.length} topics are as they must be`)
  })
}

export function addTopicCommands(program: Command): void {
  const topics = program.command('topics').description('the Kafka topics of this installation')
  topics.command('list').description('every topic, and whether it exists').option('--json').action(list)
  topics.command('create').description('creates what is missing, verifies the rest').action(create)
  topics.command('verify').description('changes nothing; fails when a topic is missing or differs').action(verify)
}
