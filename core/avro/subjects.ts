import { ENTITY_NAMES, LINE_TOPICS } from '../../schemas/generated/entities.ts'
import {
  backfillTopic,
  CAPABILITIES,
  changesTopic,
  COMMAND_JOURNAL,
  COMMAND_RESULTS,
  commandsTopic,
  DEAD_LETTERS,
  unifiedTopicOf,
  WEBHOOKS_INBOUND,
} from '../topics.ts'
import type { SchemaName } from './codec.ts'

export interface Subject {
  /** `<prefixed topic>-value`: the strategy that consumers and sinks expect. */
  readonly name: string
  readonly schema: SchemaName
  /**
   * Compacted topics hold records of every version for ever and consumers upgrade when they like: compatible both ways
   * with all versions. Commands are read by the writer alone, which is upgraded before its clients. Dead letters are
   * read by our own tools and expire.
   */
  readonly compatibility: 'FULL_TRANSITIVE' | 'BACKWARD_TRANSITIVE' | 'BACKWARD'
}

/** The subject of every topic that holds Avro. */
export function subjectsOf(prefix: string): readonly Subject[] {
  const subject = (topic: string, schema: SchemaName, compatibility: Subject['compatibility']): Subject => ({
    name: `${prefix}${topic}-value`,
    schema,
    compatibility,
  })
  return [
    ...ENTITY_NAMES.map((entity) => subject(unifiedTopicOf(entity), entity, 'FULL_TRANSITIVE')),
    ...LINE_TOPICS.map(({ name }) => subject(unifiedTopicOf(name), name, 'FULL_TRANSITIVE')),
    ...ENTITY_NAMES.flatMap((entity) => [
      subject(changesTopic(entity), 'change_record', 'FULL_TRANSITIVE'),
      subject(backfillTopic(entity), 'change_record', 'FULL_TRANSITIVE'),
    ]),
    subject(DEAD_LETTERS, 'dead_letter', 'BACKWARD'),
    subject(WEBHOOKS_INBOUND, 'inbound_webhook', 'FULL_TRANSITIVE'),
    ...ENTITY_NAMES.map((entity) => subject(commandsTopic(entity), `${entity}_command`, 'BACKWARD_TRANSITIVE')),
    subject(COMMAND_RESULTS, 'command_result', 'FULL_TRANSITIVE'),
    subject(COMMAND_JOURNAL, 'command_journal', 'FULL_TRANSITIVE'),
    subject(CAPABILITIES, 'capability', 'FULL_TRANSITIVE'),
  ]
}
