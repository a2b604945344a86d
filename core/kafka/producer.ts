import { createAppender } from './appender.ts'
import { persist } from './backoff.ts'
import type { KafkaClient } from './client.ts'
import { packRecords } from './pack.ts'
import type { CommitResult, OutRecord } from './records.ts'

const DELIVERY_MS = 60_000

/** An idempotent producer (acks = all): a send that resolves was written exactly once. */
export interface RecordProducer {
  /**
   * Sends made while one is under way go together in the next request.
   * @throws when the records could not be written within a minute; some of them may have been
   */
  send(records: readonly OutRecord[]): Promise<CommitResult>
  /** Waits for sends under way. */
  close(): Promise<void>
}

interface Waiting {
  readonly records: readonly OutRecord[]
  readonly resolve: (result: CommitResult) => void
  readonly reject: (error: unknown) => void
}

export function createProducer(kafka: KafkaClient): RecordProducer {
  const link = kafka.link()
  const appender = createAppender({
    link,
    wire: kafka.wire,
    fullName: kafka.topic,
    transactionalId: null,
    compression: kafka.compression,
    deliveryMs: DELIVERY_MS,
  })
  let waiting: Waiting[] = []
  let running: Promise<void> | undefined
  let identified = false
  let closed = false

  const identify = (): Promise<void> =>
    persist(
      link,
      'starting the producer',
      async () => {
        const broker = await (await link.cluster()).findControllerBroker()
        const { producerId, producerEpoch } = await broker.initProducerId({ transactionTimeout: DELIVERY_MS })
        appender.identify({ producerId, producerEpoch })
        identified = true
      },
      { forMs: DELIVERY_MS },
    )

  const write = async (records: readonly OutRecord[]): Promise<CommitResult> => {
    const counts = new Map<string, number>()
    for (const record of records)
      if (record.partition === undefined && !counts.has(record.topic)) {
        const topic = kafka.topic(record.topic)
        const count = await persist(link, `looking up ${topic}`, () => link.partitionsOf(topic), { forMs: DELIVERY_MS })
        counts.set(record.topic, count)
      }
    if (!identified) await identify()
    try {
      return { baseOffsets: await appender.append(packRecords(records, (topic) => counts.get(topic) as number)) }
    } catch (error) {
      // Sequences are no longer known: the next send starts under a new producer id.
      identified = false
      throw error
    }
  }

  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      const turn = waiting
      waiting = []
      try {
        const result = await write(
          turn.length === 1 ? (turn[0] as Waiting).records : turn.flatMap((one) => one.records),
        )
        for (const one of turn) one.resolve(result)
      } catch (error) {
        for (const one of turn) one.reject(error)
      }
    }
    running = undefined
  }

  return {
    send: (records) => {
      if (closed) return Promise.reject(new Error('the producer is closed'))
      if (records.length === 0) return Promise.resolve({ baseOffsets: new Map() })
      return new Promise((resolve, reject) => {
        waiting.push({ records, resolve, reject })
        running ??= run()
      })
    },
    close: async () => {
      closed = true
      await running
      await link.close()
    },
  }
}
