import {
  anchorToken,
  createLocalCodec,
  type WritableEntity,
  type WriteOperation,
  type WriteOperationName,
  type WriteOutcome,
  type WriteRequest,
} from '../../../core/index.ts'
import { never, open, streamOf } from '../kit/harness.ts'
import type { Wire } from '../kit/wire.ts'
import type { TrytonHarness } from './harness.ts'

/** A client of the connector's operations, as the writer is one. */
export interface Commands {
  readonly session: unknown
  readonly wire: Wire
  request<E extends WritableEntity>(entity: E, operation: WriteOperationName, more?: Asked): WriteRequest<E>
  execute<E extends WritableEntity>(request: WriteRequest<E>): Promise<WriteOutcome>
  find<E extends WritableEntity>(request: WriteRequest<E>): Promise<WriteOutcome | 'not-applied' | 'unknown'>
  plan<E extends WritableEntity>(request: WriteRequest<E>): Promise<WriteRequest<E>>
  /** The unified record as it is now; null = gone. */
  read(entity: WritableEntity, key: string): Promise<Unified | null>
}

// biome-ignore lint/suspicious/noExplicitAny: records of all entities, compared with what was sent
type Unified = { readonly [field: string]: any }

interface Asked {
  readonly target?: string
  /** As a client writes it: what it leaves out is null. */
  readonly payload?: object
  readonly expectedVersion?: string
}

const codec = createLocalCodec()
let commands = 0

export async function connectCommands(tryton: TrytonHarness, config = tryton.config): Promise<Commands> {
  const { session, wire } = await open(tryton, config)
  function operationOf<E extends WritableEntity>({ entity, operation }: WriteRequest<E>): WriteOperation<unknown, E> {
    const found = tryton.connector.operations?.find((each) => each.entity === entity && each.operation === operation)
    if (found === undefined) throw new Error(`no ${operation} of ${entity}`)
    return found as unknown as WriteOperation<unknown, E>
  }
  return {
    session,
    wire,
    request(entity, operation, { target = null, payload, expectedVersion = null } = {}) {
      const commandId = `command-${++commands}-${Date.now()}`
      const envelope = { command_id: commandId, connection_id: tryton.mapping.connectionId, operation, target_id: null }
      const command = codec.command(entity).fromJson({ ...envelope, payload: payload ?? null })
      return {
        commandId,
        operation,
        entity,
        target,
        payload: command.payload as never,
        expectedVersion,
        token: (length) => anchorToken(tryton.mapping.connectionId, commandId, length),
        startedAt: Date.now(),
        steps: [],
        finished: async () => {},
        plan: null,
        mapping: tryton.mapping,
      }
    },
    execute: (request) => operationOf(request).execute(session, request, never()),
    find: (request) => operationOf(request).find(session, request, never()),
    async plan(request) {
      const plan = await operationOf(request).plan?.(session, request, never())
      return { ...request, plan: plan ?? null }
    },
    async read(entity, key) {
      const stream = streamOf(tryton, entity)
      const record = await stream.readOne(session, key, never())
      return record === null ? null : stream.toUnified(record.payload, tryton.mapping, key)
    },
  }
}
