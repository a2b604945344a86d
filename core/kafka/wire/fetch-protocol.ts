import { createErrorFromCode } from '../kafkajs.ts'
import type { AbortedTransaction } from './aborted.ts'
import { decodeRecordSet, getInt64 } from './decode-records.ts'
import { putHeader, putInt64, putString } from './encode-produce.ts'
import type { FetchedPartition, FetchRequest, FetchTarget } from './wire.ts'

export const FETCH_API = 1
export const FETCH_VERSION = 11

const READ_COMMITTED = 1

/** A fetch request without a session. Targets of one topic that stand together share its name. */
export function encodeFetch(request: FetchRequest, clientId: string): Buffer {
  let size = 128 + 3 * clientId.length
  for (const { topic } of request.targets) size += 3 * topic.length + 40
  const buffer = Buffer.allocUnsafe(size)
  let at = putHeader(buffer, FETCH_API, FETCH_VERSION, clientId)
  at = buffer.writeInt32BE(-1, at)
  at = buffer.writeInt32BE(request.maxWaitMs, at)
  at = buffer.writeInt32BE(1, at)
  at = buffer.writeInt32BE(request.maxBytes, at)
  at = buffer.writeInt8(READ_COMMITTED, at)
  at = buffer.writeInt32BE(0, at)
  at = buffer.writeInt32BE(-1, at)
  const topicsAt = at
  at += 4
  let topics = 0
  let partitions = 0
  let partitionsAt = 0
  for (let i = 0; i < request.targets.length; i++) {
    const target = request.targets[i] as FetchTarget
    if (i === 0 || target.topic !== (request.targets[i - 1] as FetchTarget).topic) {
      if (i > 0) buffer.writeInt32BE(partitions, partitionsAt)
      topics++
      partitions = 0
      partitionsAt = putString(buffer, at, target.topic)
      at = partitionsAt + 4
    }
    partitions++
    at = buffer.writeInt32BE(target.partition, at)
    at = buffer.writeInt32BE(-1, at)
    at = putInt64(buffer, at, target.offset)
    at = putInt64(buffer, at, -1)
    at = buffer.writeInt32BE(target.maxBytes, at)
  }
  if (request.targets.length > 0) buffer.writeInt32BE(partitions, partitionsAt)
  buffer.writeInt32BE(topics, topicsAt)
  at = buffer.writeInt32BE(0, at)
  at = putString(buffer, at, '')
  buffer.writeInt32BE(at - 4, 0)
  return buffer.subarray(0, at)
}

/** @param payload the answer without its size and correlation id */
export async function decodeFetch(
  payload: Buffer,
  request: FetchRequest,
): Promise<{ throttleMs: number; partitions: FetchedPartition[] }> {
  const throttleMs = payload.readInt32BE(0)
  const errorCode = payload.readInt16BE(4)
  if (errorCode !== 0) throw createErrorFromCode(errorCode)
  const asked = new Map<string, number>()
  for (const { topic, partition, offset } of request.targets) asked.set(`${topic}/${partition}`, offset)
  const result: FetchedPartition[] = []
  const topics = payload.readInt32BE(10)
  let at = 14
  for (let t = 0; t < topics; t++) {
    const nameEnd = at + 2 + payload.readInt16BE(at)
    const topic = payload.toString('utf8', at + 2, nameEnd)
    const name = request.nameOf(topic)
    const partitions = payload.readInt32BE(nameEnd)
    at = nameEnd + 4
    for (let p = 0; p < partitions; p++) {
      const partition = payload.readInt32BE(at)
      const code = payload.readInt16BE(at + 4)
      const highWatermark = getInt64(payload, at + 6)
      const lastStableOffset = getInt64(payload, at + 14)
      const abortedCount = payload.readInt32BE(at + 30)
      at += 34
      const aborted: AbortedTransaction[] = []
      for (let a = 0; a < abortedCount; a++, at += 16)
        aborted.push({ producerId: payload.readBigInt64BE(at).toString(), firstOffset: getInt64(payload, at + 8) })
      const bytes = Math.max(0, payload.readInt32BE(at + 4))
      at += 8
      const offset = asked.get(`${topic}/${partition}`) ?? 0
      const set =
        bytes === 0 || code !== 0
          ? { records: [], nextOffset: offset }
          : await decodeRecordSet(payload, at, at + bytes, { topic: name, partition, offset, aborted })
      result.push({
        topic,
        partition,
        error: code === 0 ? null : createErrorFromCode(code),
        highWatermark,
        lastStableOffset,
        records: set.records,
        nextOffset: set.nextOffset,
        bytes,
      })
      at += bytes
    }
  }
  return { throttleMs, partitions: result }
}
