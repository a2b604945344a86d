import type { TopicSpec } from '../topics.ts'
import { backoffMs, pause } from './backoff.ts'
import type { KafkaClient } from './client.ts'
import { errorType, FatalKafkaError, TopicProblemsError } from './errors.ts'
import { type Admin, TOPIC_RESOURCE } from './kafkajs.ts'

const CREATE_AT_ONCE = 50
const VISIBLE_MS = 15_000

/**
 * Creates the topics that are missing and verifies those that exist: cleanup policy and partition count.
 * Other settings of existing topics are the operator's business.
 * @throws TopicProblemsError listing everything that is wrong
 */
export async function ensureTopics(
  kafka: KafkaClient,
  topics: readonly TopicSpec[],
  options: { readonly partitions: number; readonly replicationFactor: number },
): Promise<{ readonly created: readonly string[] }> {
  return kafka.withAdmin(async (admin) => {
    const existing = new Set(await admin.listTopics())
    const missing = topics.filter((spec) => !existing.has(kafka.topic(spec.name)))
    for (let i = 0; i < missing.length; i += CREATE_AT_ONCE)
      await create(kafka, admin, missing.slice(i, i + CREATE_AT_ONCE), options)
    await verify(kafka, admin, topics, options.partitions, new Set(missing))
    return { created: missing.map((spec) => spec.name) }
  })
}

async function create(
  kafka: KafkaClient,
  admin: Admin,
  specs: readonly TopicSpec[],
  options: { readonly partitions: number; readonly replicationFactor: number },
): Promise<void> {
  const minInsync = options.replicationFactor > 1 ? '2' : '1'
  try {
    await admin.createTopics({
      waitForLeaders: false,
      timeout: 20_000,
      topics: specs.map((spec) => ({
        topic: kafka.topic(spec.name),
        numPartitions: options.partitions,
        replicationFactor: options.replicationFactor,
        configEntries: Object.entries({
          'cleanup.policy': spec.cleanup,
          'min.insync.replicas': minInsync,
          'unclean.leader.election.enable': 'false',
          'max.message.bytes': String(2 * 1024 * 1024),
          ...spec.config,
        }).map(([name, value]) => ({ name, value })),
      })),
    })
  } catch (error) {
    const problems = problemsOf(error)
    // Another instance created it at the same time: verification tells whether it is right.
    const real = problems.filter((problem) => !problem.includes('already exists'))
    if (real.length > 0)
      throw new TopicProblemsError(
        real.map(
          (problem) =>
            `creating topics with ${options.partitions} partitions × ${options.replicationFactor} replicas: ${problem}`,
        ),
      )
  }
}

function problemsOf(error: unknown): string[] {
  if (error instanceof Error && 'errors' in error && Array.isArray(error.errors))
    return error.errors.map(
      (one: { topic?: string; message?: string }) => `${one.topic ?? 'topic'}: ${one.message ?? 'refused'}`,
    )
  if (errorType(error) === 'TOPIC_ALREADY_EXISTS') return []
  return [error instanceof Error ? error.message : String(error)]
}

async function verify(
  kafka: KafkaClient,
  admin: Admin,
  specs: readonly TopicSpec[],
  partitions: number,
  created: ReadonlySet<TopicSpec>,
): Promise<void> {
  const names = specs.map((spec) => kafka.topic(spec.name))
  const fresh = specs.filter((spec) => created.has(spec)).map((spec) => kafka.topic(spec.name))
  const counts = await partitionCounts(admin, names, { topics: fresh, partitions })
  const policies = await cleanupPolicies(admin, names)
  const problems: string[] = []
  for (const spec of specs) {
    const topic = kafka.topic(spec.name)
    const count = counts.get(topic)
    const policy = policies.get(topic)
    if (count !== undefined && count !== partitions)
      problems.push(
        `${topic} has ${count} partitions, but this installation uses ${partitions}: the count is fixed at creation; set TRIBUTARY_PARTITIONS=${count} if all topics have ${count}, else recreate the topic`,
      )
    if (policy !== undefined && policyOf(policy) !== policyOf(spec.cleanup))
      problems.push(
        `${topic} has cleanup.policy=${policy}, but must have ${spec.cleanup}: kafka-configs --alter --topic ${topic} --add-config cleanup.policy=[${spec.cleanup}]`,
      )
  }
  if (problems.length > 0) throw new TopicProblemsError(problems)
}

const policyOf = (policy: string): string =>
  policy
    .split(',')
    .map((one) => one.trim())
    .sort()
    .join(',')

/** Partition counts of existing topics; waits a little for topics that were just created, and all of their partitions. */
async function partitionCounts(
  admin: Admin,
  names: readonly string[],
  fresh: { readonly topics: readonly string[]; readonly partitions: number },
): Promise<Map<string, number>> {
  const deadline = Date.now() + VISIBLE_MS
  for (let tries = 0; ; tries++) {
    try {
      const { topics } = await admin.fetchTopicMetadata({ topics: [...names] })
      const counts = new Map(topics.map((topic) => [topic.name, topic.partitions.length]))
      const shown = fresh.topics.every((topic) => (counts.get(topic) ?? 0) >= fresh.partitions)
      if (shown || Date.now() > deadline) return counts
      await pause(backoffMs(tries))
    } catch (error) {
      const type = errorType(error)
      if ((type !== 'UNKNOWN_TOPIC_OR_PARTITION' && type !== 'LEADER_NOT_AVAILABLE') || Date.now() > deadline)
        throw error
      await pause(backoffMs(tries))
    }
  }
}

/** `cleanup.policy` by full topic name. */
export async function cleanupPolicies(admin: Admin, names: readonly string[]): Promise<Map<string, string>> {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map((name) => ({ type: TOPIC_RESOURCE, name, configNames: ['cleanup.policy'] })),
  })
  const policies = new Map<string, string>()
  for (const resource of resources)
    for (const entry of resource.configEntries)
      if (entry.configName === 'cleanup.policy') policies.set(resource.resourceName, entry.configValue)
  return policies
}

/**
 * Partition count of the installation, as of the topic given (default `connections`).
 * @throws FatalKafkaError when the topic does not exist
 */
export async function partitionCount(kafka: KafkaClient, topic = 'connections'): Promise<number> {
  const full = kafka.topic(topic)
  return kafka.withAdmin(async (admin) => {
    if (!(await admin.listTopics()).includes(full))
      throw new FatalKafkaError(
        `topic ${full} does not exist: this installation has not been set up (npm start, or tributary topics create)`,
      )
    const { topics } = await admin.fetchTopicMetadata({ topics: [full] })
    return topics[0]?.partitions.length ?? 0
  })
}
