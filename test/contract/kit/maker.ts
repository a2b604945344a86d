import {
  type AnyConnector,
  anchorToken,
  createLocalCodec,
  type MappingSettings,
  type WritableEntity,
  type WriteOutcome,
  type WriteRequest,
} from '../../../core/index.ts'
import { never } from './harness.ts'
import { createWire } from './wire.ts'

/** Makes records that are then to be changed, by the connector itself and over a wire of its own. */
export function createMaker(
  connector: AnyConnector,
  config: { readonly [field: string]: unknown },
  mapping: MappingSettings,
) {
  const codec = createLocalCodec()
  let opened: Promise<unknown> | null = null
  let made = 0

  async function open(): Promise<unknown> {
    const parsed = connector.config.parse(config)
    if (!parsed.ok) throw new Error(`the settings for writing are refused: ${JSON.stringify(parsed.problems)}`)
    return connector.connect(parsed.value, createWire(), never())
  }

  return async function make(
    entity: WritableEntity,
    payload: { readonly [field: string]: unknown },
  ): Promise<WriteOutcome> {
    const found = connector.operations?.find((each) => each.entity === entity && each.operation === 'CREATE')
    if (found === undefined) throw new Error(`${connector.id} has no CREATE of ${entity}`)
    const commandId = `made-${process.pid}-${performance.now()}-${++made}`
    const envelope = { command_id: commandId, connection_id: mapping.connectionId, operation: 'CREATE' }
    const command = codec.command(entity).fromJson({ ...envelope, payload })
    const request: WriteRequest = {
      commandId,
      operation: 'CREATE',
      entity,
      target: null,
      payload: command.payload,
      expectedVersion: null,
      token: (length) => anchorToken(mapping.connectionId, commandId, length),
      startedAt: Math.floor(performance.timeOrigin + performance.now()),
      steps: [],
      finished: async () => {},
      plan: null,
      mapping,
    }
    opened ??= open()
    const session = await opened
    const plan = (await found.plan?.(session, request as never, never())) ?? null
    const outcome = await found.execute(session, { ...request, plan } as never, never())
    if (outcome.partial !== undefined) throw new Error(`made half of it: ${JSON.stringify(outcome.partial)}`)
    return outcome
  }
}
