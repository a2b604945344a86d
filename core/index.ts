// kafka
export { createKafka, type KafkaClient, type KafkaOptions } from './kafka/client.ts'
export { ensureTopics, partitionCount } from './kafka/ensure-topics.ts'
export { FatalKafkaError, FencedError, OffsetOutOfRangeError, TopicProblemsError } from './kafka/errors.ts'
export type { KafkaLog } from './kafka/log.ts'
export { partitionFor } from './kafka/partitioner.ts'
export type { RecordProducer } from './kafka/producer.ts'
export { type Following, followTopic, readTopic } from './kafka/read-topic.ts'
export type { CommitResult, InRecord, OutRecord } from './kafka/records.ts'
export type {
  CloseReason,
  GroupOptions,
  GroupTuning,
  Partition,
  PartitionGroup,
  PartitionWork,
} from './kafka/group/contract.ts'
export type { PartitionBatch } from './kafka/group/feed.ts'
export { createPartitionGroup } from './kafka/group/group.ts'
