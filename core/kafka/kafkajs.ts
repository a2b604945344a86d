import { createRequire } from 'node:module'
import net from 'node:net'
import tls from 'node:tls'
import kafkajs from 'kafkajs'
import { FatalKafkaError } from './errors.ts'

/**
 * The one door to kafkajs. We use its connections (TLS, SASL, request queue), its protocol requests and its admin
 * client; the loops above them (producer, transactions, group, fetching) are ours, because its own cannot do what
 * exactly-once needs (docs/decisions). Reaching into `src` is why the version is pinned and checked.
 */
const PINNED = '2.2.4'
const require = createRequire(import.meta.url)

export interface RequestQueue {
  throttledUntil: number
  throttleCheckTimeoutId: NodeJS.Timeout | null
  readonly pending: readonly unknown[]
  readonly inflight: Map<number, unknown>
  push(request: {
    entry: {
      apiKey: number
      apiName: string
      apiVersion: number
      correlationId: number
      resolve: (answer: { payload: Buffer }) => void
      reject: (error: Error) => void
    }
    expectResponse: boolean
    requestTimeout: number | null
    sendRequest: () => void
  }): void
  checkPendingRequests(): void
  scheduleCheckPendingRequests(): void
  fulfillRequest(answer: { correlationId: number; payload: Buffer; size: number }): void
  maybeThrottle(ms: number): void
}

export interface Connection {
  readonly clientId: string
  readonly sasl: unknown
  readonly socket: net.Socket
  readonly requestQueue: RequestQueue
  readonly authHandlers: object | null
  rejectRequests(error: Error): void
  processData: (data: Buffer) => void
  isConnected(): boolean
  isAuthenticated(): boolean
  authenticate(): Promise<void>
  failIfNotConnected(): void
  nextCorrelationId(): number
}

export interface ConnectionPool {
  readonly pool: readonly Connection[]
  /** Connection 0 carries everything but fetches, connection 1 the fetches. */
  getConnection(index: 0 | 1): Promise<Connection>
}

interface TopicPartitions<T> {
  readonly topic: string
  readonly partitions: readonly T[]
}

/** What one broker can be asked; every answer with an error code is thrown as KafkaJSProtocolError with its `type`. */
export interface Broker {
  readonly nodeId: number
  readonly connectionPool: ConnectionPool
  readonly versions: { readonly [apiKey: number]: { readonly minVersion: number; readonly maxVersion: number } }
  produce(request: {
    topicData: readonly TopicPartitions<{ partition: number; firstSequence: number; messages: readonly object[] }>[]
    transactionalId?: string | undefined
    producerId: number | string
    producerEpoch: number
    acks: number
    timeout: number
    compression: number
  }): Promise<{
    topics: { topicName: string; partitions: { partition: number; errorCode: number; baseOffset: string }[] }[]
  }>
  fetch(request: {
    isolationLevel: number
    maxWaitTime: number
    minBytes: number
    maxBytes: number
    topics: readonly TopicPartitions<{ partition: number; fetchOffset: string; maxBytes: number }>[]
  }): Promise<{ responses: { topicName: string; partitions: StockPartition[] }[] }>
  listOffsets(request: {
    isolationLevel: number
    topics: readonly TopicPartitions<{ partition: number; timestamp: number }>[]
  }): Promise<{ responses: { topic: string; partitions: { partition: number; offset: string }[] }[] }>
  initProducerId(request: {
    transactionalId?: string | undefined
    transactionTimeout: number
  }): Promise<{ producerId: string; producerEpoch: number }>
  addPartitionsToTxn(request: {
    transactionalId: string
    producerId: string
    producerEpoch: number
    topics: readonly TopicPartitions<number>[]
  }): Promise<unknown>
  endTxn(request: {
    transactionalId: string
    producerId: string
    producerEpoch: number
    transactionResult: boolean
  }): Promise<unknown>
  joinGroup(request: {
    groupId: string
    sessionTimeout: number
    rebalanceTimeout: number
    memberId: string
    groupProtocols: readonly { name: string; metadata: Buffer }[]
  }): Promise<{
    generationId: number
    leaderId: string
    memberId: string
    members: { memberId: string; memberMetadata: Buffer }[]
  }>
  syncGroup(request: {
    groupId: string
    generationId: number
    memberId: string
    groupAssignment: readonly { memberId: string; memberAssignment: Buffer }[]
  }): Promise<{ memberAssignment: Buffer }>
  heartbeat(request: { groupId: string; groupGenerationId: number; memberId: string }): Promise<unknown>
  leaveGroup(request: { groupId: string; memberId: string }): Promise<unknown>
  offsetCommit(request: {
    groupId: string
    groupGenerationId: number
    memberId: string
    topics: readonly TopicPartitions<{ partition: number; offset: string }>[]
  }): Promise<unknown>
}

export interface StockMessage {
  readonly offset: string
  readonly timestamp: string
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly isControlRecord: boolean
  readonly batchContext: {
    readonly firstOffset: string
    readonly lastOffsetDelta: number
    readonly producerId: string
    readonly inTransaction: boolean
  }
}

export interface StockPartition {
  readonly partition: number
  readonly highWatermark: string
  readonly lastStableOffset: string
  readonly lastStartOffset: string
  readonly abortedTransactions: readonly { producerId: string; firstOffset: string }[]
  readonly messages: readonly StockMessage[]
}

export interface Cluster {
  readonly connectionPoolBuilder: { build(destination?: object): Promise<ConnectionPool> }
  readonly brokerPool: { readonly seedBroker?: Broker; readonly brokers: { readonly [nodeId: string]: Broker } }
  connect(): Promise<void>
  disconnect(): Promise<void>
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>
  refreshMetadata(): Promise<void>
  refreshMetadataIfNecessary(): Promise<void>
  findTopicPartitionMetadata(topic: string): { partitionId: number; leader: number; partitionErrorCode: number }[]
  findBroker(destination: { nodeId: number }): Promise<Broker>
  findControllerBroker(): Promise<Broker>
  findGroupCoordinator(coordinator: { groupId: string; coordinatorType: 0 | 1 }): Promise<Broker>
}

/** Connection settings as kafkajs takes them. */
export interface ClusterSettings {
  readonly brokers: readonly string[]
  readonly clientId: string
  readonly ssl?: tls.ConnectionOptions | boolean | undefined
  readonly sasl?: object | undefined
}

export type KafkajsLogEntry = { namespace: string; level: number; label: string; log: { message: string } }
export type KafkajsLogSink = (entry: KafkajsLogEntry) => void

/** @throws FatalKafkaError when another version is installed than the one whose internals we use */
export function requirePinned(installed: string): void {
  if (installed !== PINNED)
    throw new FatalKafkaError(
      `kafkajs ${installed} is installed, but core/kafka is built on the internals of ${PINNED}: install exactly that version`,
    )
}
requirePinned((require('kafkajs/package.json') as { version: string }).version)

const ClusterClass = require('kafkajs/src/cluster') as new (options: object) => Cluster
const { createLogger } = require('kafkajs/src/loggers') as { createLogger: (options: object) => unknown }
const createAdmin = require('kafkajs/src/admin') as (options: object) => Admin
const EmitterClass = require('kafkajs/src/instrumentation/emitter') as new () => object
export const { createErrorFromCode } = require('kafkajs/src/protocol/error') as {
  createErrorFromCode: (code: number) => Error & { type: string; retriable: boolean }
}

const ISOLATION_READ_COMMITTED = 1
/** All fields are given because kafkajs reads other defaults when NODE_ENV is `test`. */
const RETRY = { initialRetryTime: 50, factor: 0.2, multiplier: 2, maxRetryTime: 1_000, retries: 4 }

export type SocketFactory = (options: {
  readonly host: string
  readonly port: number
  readonly ssl?: tls.ConnectionOptions | boolean | null
  readonly onConnect: () => void
}) => net.Socket

/** kafkajs leaves Nagle's algorithm on: each small request would wait for the answer to the one before. */
const openSocket: SocketFactory = ({ host, port, ssl, onConnect }) => {
  const socket = ssl
    ? tls.connect(
        { host, port, ...(net.isIP(host) ? {} : { servername: host }), ...(ssl === true ? {} : ssl) },
        onConnect,
      )
    : net.connect({ host, port }, onConnect)
  socket.setNoDelay(true)
  socket.setKeepAlive(true, 60_000)
  return socket
}

/** A set of connections to the cluster, not yet connected. */
export function newCluster(
  settings: ClusterSettings,
  sink: KafkajsLogSink,
  sockets: (plain: SocketFactory) => SocketFactory = (plain) => plain,
): Cluster {
  return new ClusterClass({
    brokers: [...settings.brokers],
    clientId: settings.clientId,
    ssl: settings.ssl ?? null,
    sasl: settings.sasl ?? null,
    connectionTimeout: 5_000,
    authenticationTimeout: 10_000,
    requestTimeout: 30_000,
    enforceRequestTimeout: true,
    retry: RETRY,
    socketFactory: sockets(openSocket),
    logger: createLogger({ level: 4, logCreator: () => sink }),
    allowAutoTopicCreation: false,
    isolationLevel: ISOLATION_READ_COMMITTED,
    metadataMaxAge: 300_000,
    reauthenticationThreshold: 10_000,
    instrumentationEmitter: null,
  })
}

/** kafkajs' admin client over a cluster of ours, not yet connected. */
export function newAdmin(cluster: Cluster, sink: KafkajsLogSink): Admin {
  return createAdmin({
    retry: RETRY,
    logger: createLogger({ level: 4, logCreator: () => sink }),
    instrumentationEmitter: new EmitterClass(),
    cluster,
  })
}

export type Admin = ReturnType<InstanceType<typeof kafkajs.Kafka>['admin']>
export const TOPIC_RESOURCE = kafkajs.ConfigResourceTypes.TOPIC
