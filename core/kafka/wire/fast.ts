import { FatalKafkaError } from '../errors.ts'
import { type Broker, type Connection, createErrorFromCode } from '../kafkajs.ts'
import { createBufferPool } from './buffer-pool.ts'
import { getInt64 } from './decode-records.ts'
import { encodeProduce, PRODUCE_API, PRODUCE_VERSION } from './encode-produce.ts'
import { decodeFetch, encodeFetch, FETCH_API, FETCH_VERSION } from './fetch-protocol.ts'
import type { ProduceOutcome, ProduceRequest, Wire } from './wire.ts'

const OTHERS = 0
const FETCHES = 1

/**
 * Produce and fetch with our own codec over kafkajs' connections: nothing of kafkajs is replaced, its own encoder and
 * decoder are simply not asked. Needs brokers that speak produce v7 and fetch v11 (Kafka 2.3 and later).
 */
export function createFastWire(): Wire {
  const pool = createBufferPool()
  return {
    name: 'fast',
    fetch: async (broker, request) => {
      demand(broker, FETCH_API, FETCH_VERSION, 'Fetch')
      const connection = await broker.connectionPool.getConnection(FETCHES)
      const frame = encodeFetch(request, connection.clientId)
      const payload = await send(connection, frame, 'Fetch', FETCH_API, FETCH_VERSION, request.maxWaitMs + 30_000)
      const { throttleMs, partitions } = await decodeFetch(payload, request)
      connection.requestQueue.maybeThrottle(throttleMs)
      return partitions
    },
    produce: async (broker, request) => {
      demand(broker, PRODUCE_API, PRODUCE_VERSION, 'Produce')
      const connection = await broker.connectionPool.getConnection(OTHERS)
      const { buffer, length } = await encodeProduce(request, connection.clientId, pool)
      const frame = buffer.subarray(0, length)
      const payload = await send(connection, frame, 'Produce', PRODUCE_API, PRODUCE_VERSION, request.timeoutMs + 10_000)
      // The answer proves that the frame was written out; after a failure it may still be, and is left to the collector.
      pool.give(buffer)
      const { throttleMs, outcomes } = decodeProduce(payload, request)
      connection.requestQueue.maybeThrottle(throttleMs)
      return outcomes
    },
  }
}

function demand(broker: Broker, api: number, version: number, name: string): void {
  const { maxVersion = -1, minVersion = -1 } = broker.versions[api] ?? {}
  if (maxVersion < version || minVersion > version)
    throw new FatalKafkaError(
      `broker ${broker.nodeId} speaks ${name} v${minVersion} to v${maxVersion}, but v${version} is needed (Kafka 2.3 or later); set TRIBUTARY_KAFKA_WIRE=stock to try kafkajs' own codec`,
    )
}

/** Puts one frame on the connection as kafkajs would, without its copies; resolves with the answer's body. */
async function send(
  connection: Connection,
  frame: Buffer,
  apiName: string,
  apiKey: number,
  apiVersion: number,
  requestTimeout: number,
): Promise<Buffer> {
  if (connection.sasl !== null && !connection.isAuthenticated()) await connection.authenticate()
  connection.failIfNotConnected()
  const correlationId = connection.nextCorrelationId()
  frame.writeInt32BE(correlationId, 8)
  const { payload } = await new Promise<{ payload: Buffer }>((resolve, reject) => {
    connection.requestQueue.push({
      entry: { apiKey, apiName, apiVersion, correlationId, resolve, reject },
      expectResponse: true,
      requestTimeout,
      sendRequest: () => {
        connection.socket.write(frame)
      },
    })
  })
  return payload
}

export function decodeProduce(
  payload: Buffer,
  request: ProduceRequest,
): { readonly throttleMs: number; readonly outcomes: ProduceOutcome[] } {
  const found = new Map<string, ProduceOutcome>()
  const topics = payload.readInt32BE(0)
  let at = 4
  for (let t = 0; t < topics; t++) {
    const nameEnd = at + 2 + payload.readInt16BE(at)
    const topic = payload.toString('utf8', at + 2, nameEnd)
    const partitions = payload.readInt32BE(nameEnd)
    at = nameEnd + 4
    for (let p = 0; p < partitions; p++, at += 30) {
      const code = payload.readInt16BE(at + 4)
      found.set(`${topic}/${payload.readInt32BE(at)}`, {
        error: code === 0 ? null : createErrorFromCode(code),
        baseOffset: getInt64(payload, at + 6),
      })
    }
  }
  const missing: ProduceOutcome = { error: new Error('the broker did not answer for this partition'), baseOffset: -1 }
  return {
    throttleMs: payload.readInt32BE(at),
    outcomes: request.batches.map(({ topic, partition }) => found.get(`${topic}/${partition}`) ?? missing),
  }
}
