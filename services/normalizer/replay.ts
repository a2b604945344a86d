import type { NormalizerRequest } from '../../core/index.ts'
import { encodeReplays, REPLAY_KEY } from './positions.ts'
import type { WorkerContext } from './worker-context.ts'

/**
 * Replay: raw topics are read again from their start, so that a new mapping reaches records the source will not send
 * again. The gate lets equal versions through and the mapping version is part of the content, so each record is
 * published once more, and only if its content differs. Sweeps met on the way are history: they are skipped.
 */

/** Takes a request in: returns the topics to read from the start once the transaction under way is committed. */
export function beginReplay(context: WorkerContext, request: NormalizerRequest): string[] {
  const { positions, replays, state } = context
  const rewound: string[] = []
  for (const entity of state.entities) {
    if (request.entity !== null && request.entity !== entity.entity) continue
    for (const topic of [entity.changes, entity.backfill]) {
      const position = positions.get(topic) ?? 0
      if (position === 0) continue
      const running = replays.get(topic)
      const mixed = running !== undefined && running.connectionId !== request.connectionId
      replays.set(topic, {
        until: Math.max(position, running?.until ?? 0),
        requestId: request.id,
        connectionId: mixed ? null : request.connectionId,
      })
      positions.set(topic, 0)
      rewound.push(topic)
    }
  }
  if (rewound.length > 0) writeReplays(context)
  return rewound
}

/** Ends the replay of a topic whose position has come back to where it was. */
export function endReplayIfDone(context: WorkerContext, topic: string): void {
  const replay = context.replays.get(topic)
  const position = context.positions.get(topic) ?? 0
  if (replay === undefined || position < replay.until) return
  context.replays.delete(topic)
  writeReplays(context)
  context.log.info({ topic, partition: context.partition.index, request: replay.requestId }, 'replay finished')
}

function writeReplays({ outbox, state, replays }: WorkerContext): void {
  outbox.add(state.gates, REPLAY_KEY, encodeReplays(replays))
}

export function parseRequest(value: Buffer): NormalizerRequest {
  const request = JSON.parse(value.toString()) as NormalizerRequest
  if (request.kind !== 'replay' || typeof request.id !== 'string') {
    throw new Error(`not a request that this normalizer knows: kind ${JSON.stringify(request.kind)}`)
  }
  return request
}
