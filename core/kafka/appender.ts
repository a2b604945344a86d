import { describeError } from '../errors.ts'
import { backoffMs, pause } from './backoff.ts'
import { asFatal, errorType, isConnectionError, isFencing, isHopeless, isRetriable, isStaleMetadata } from './errors.ts'
import type { Link } from './link.ts'
import { type Pack, sliceRecords } from './pack.ts'
import { partitionKey } from './records.ts'
import type { CompressionName, ProduceBatch, ProduceOutcome, Wire } from './wire/wire.ts'

/** A request stays well below the broker's `socket.request.max.bytes`, and small enough to be pipelined. */
const MAX_REQUEST_BYTES = 4 * 1024 * 1024
/** The broker remembers five batches per producer and partition: no more may be under way. */
const PIPELINE = 4
const PRODUCE_TIMEOUT_MS = 20_000
const INT32 = 2 ** 31

export interface ProducerIdentity {
  readonly producerId: string
  readonly producerEpoch: number
}

/** Appends record batches under one producer id, each exactly once and in order, over retries. */
export interface Appender {
  /** A new identity starts all sequences at 0. */
  identify(identity: ProducerIdentity): void
  /**
   * Writes the packs and resolves when all replicas have them; base offsets by `<topic>/<partition>` without prefix.
   * @throws on the first failure that trying again does not mend; part of the packs may have been written then
   */
  append(packs: readonly Pack[]): Promise<Map<string, number>>
}

interface Entry extends ProduceBatch {
  /** `<topic>/<partition>` without prefix. */
  readonly key: string
  readonly first: boolean
}

export function createAppender(options: {
  readonly link: Link
  readonly wire: Wire
  readonly fullName: (topic: string) => string
  readonly transactionalId: string | null
  readonly compression: CompressionName
  /** How long to go on trying, ms. */
  readonly deliveryMs: number
}): Appender {
  const { link, wire, transactionalId, compression } = options
  let identity: ProducerIdentity = { producerId: '-1', producerEpoch: -1 }
  let sequences = new Map<string, number>()

  const plan = (packs: readonly Pack[]): Entry[][] => {
    const rounds: Entry[][] = []
    for (const pack of packs) {
      const key = partitionKey(pack.topic, pack.partition)
      const topic = options.fullName(pack.topic)
      let sequence = sequences.get(key) ?? 0
      const slices = sliceRecords(pack.records)
      for (let i = 0; i < slices.length; i++) {
        const slice = slices[i] as (typeof slices)[number]
        const entry: Entry = {
          key,
          first: i === 0,
          topic,
          partition: pack.partition,
          records: pack.records,
          firstSequence: sequence,
          ...slice,
        }
        sequence = (sequence + slice.to - slice.from) % INT32
        const round = rounds[i]
        if (round === undefined) rounds[i] = [entry]
        else round.push(entry)
      }
      sequences.set(key, sequence)
    }
    return rounds
  }

  /** Requests in sending order: one leader each, no partition twice, batches of one topic side by side. */
  const requestsOf = async (rounds: readonly Entry[][]): Promise<Entry[][]> => {
    await link.learn([...new Set(rounds.flat().map((entry) => entry.topic))])
    const requests: Entry[][] = []
    for (const round of rounds) {
      const open = new Map<number, { entries: Entry[]; bytes: number }>()
      const ordered =
        round.length < 3 ? round : [...round].sort((a, b) => (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : 0))
      for (const entry of ordered) {
        const leader = link.knownLeader(entry.topic, entry.partition) ?? -1
        let request = open.get(leader)
        if (request === undefined || request.bytes + entry.maxBytes > MAX_REQUEST_BYTES) {
          request = { entries: [], bytes: 0 }
          open.set(leader, request)
          requests.push(request.entries)
        }
        request.entries.push(entry)
        request.bytes += entry.maxBytes
      }
    }
    return requests
  }

  const send = async (entries: readonly Entry[]): Promise<ProduceOutcome[]> => {
    try {
      const first = entries[0] as Entry
      const broker = await link.leaderOf(first.topic, first.partition)
      return await wire.produce(broker, {
        transactionalId,
        ...identity,
        batches: entries,
        compression,
        timeoutMs: PRODUCE_TIMEOUT_MS,
      })
    } catch (error) {
      const reason = error instanceof Error ? error : new Error(String(error))
      return entries.map(() => ({ error: reason, baseOffset: -1 }))
    }
  }

  const append = async (packs: readonly Pack[]): Promise<Map<string, number>> => {
    const baseOffsets = new Map<string, number>()
    const deadline = Date.now() + options.deliveryMs
    let waiting = plan(packs)
    for (let tries = 0; waiting.length > 0; tries++) {
      // A partition that has seen nothing of this producer accepts any sequence first: no second batch may overtake.
      const alone =
        tries > 0 || wire.name !== 'fast' || compression !== 'none' || waiting.flat().some((e) => e.firstSequence === 0)
      let requests: Entry[][]
      const failures = new Map<Entry, Error>()
      try {
        requests = await requestsOf(waiting)
      } catch (error) {
        requests = []
        for (const entry of waiting.flat()) failures.set(entry, error as Error)
      }
      const settle = (entries: readonly Entry[], outcomes: readonly ProduceOutcome[]): void => {
        entries.forEach((entry, i) => {
          const outcome = outcomes[i] as ProduceOutcome
          if (outcome.error !== null) failures.set(entry, outcome.error)
          else if (entry.first) baseOffsets.set(entry.key, outcome.baseOffset)
        })
      }
      const underway: Promise<void>[] = []
      for (const entries of requests) {
        if (failures.size > 0) {
          for (const entry of entries) failures.set(entry, failures.values().next().value as Error)
          continue
        }
        const sent = send(entries).then((outcomes) => settle(entries, outcomes))
        underway.push(sent)
        if (alone) await sent
        else if (underway.length >= PIPELINE) await underway.shift()
      }
      await Promise.all(underway)
      waiting = retriable(failures, deadline)
      if (waiting.length > 0) {
        const errors = [...failures.values()]
        if (errors.some(isConnectionError)) link.drop()
        else if (errors.some(isStaleMetadata)) link.forgetLeaders()
        await pause(backoffMs(tries))
      }
    }
    return baseOffsets
  }

  return {
    identify: (next) => {
      identity = next
      sequences = new Map()
    },
    append,
  }
}

/** The failed batches in sending order, one round each, if all may be sent again. @throws otherwise */
function retriable(failures: ReadonlyMap<Entry, Error>, deadline: number): Entry[][] {
  const again = new Set<string>()
  const entries = [...failures.keys()].sort((a, b) => (a.key === b.key ? a.from - b.from : 0))
  for (const entry of entries) {
    const error = failures.get(entry) as Error
    const followsFailure = again.has(entry.key) && errorType(error) === 'OUT_OF_ORDER_SEQUENCE_NUMBER'
    if (!followsFailure && (!isRetriable(error) || Date.now() >= deadline)) throw explain(entry, error)
    again.add(entry.key)
  }
  return entries.map((entry) => [entry])
}

function explain(entry: Entry, error: Error): Error {
  const where = `writing to ${entry.topic}/${entry.partition}`
  if (errorType(error) === 'MESSAGE_TOO_LARGE')
    return new Error(
      `${where}: a batch of at most ${entry.maxBytes} bytes is larger than the topic's max.message.bytes; raise it`,
      { cause: error },
    )
  if (isHopeless(error)) return asFatal(where, error)
  if (isFencing(error)) return error
  return new Error(`${where}: ${describeError(error)}`, { cause: error })
}
