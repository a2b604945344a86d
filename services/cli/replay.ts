import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import {
  ENTITY_NAMES,
  type EntityName,
  NORMALIZER_REQUESTS,
  type NormalizerRequest,
  partitionCount,
} from '../../core/index.ts'
import { readConnection } from './connection-table.ts'
import { withInstallation } from './installation.ts'
import { CommandError, print } from './output.ts'

async function replay(options: { entity?: string; connection?: string }): Promise<void> {
  const { entity, connection } = options
  if (entity !== undefined && !(ENTITY_NAMES as readonly string[]).includes(entity))
    throw new CommandError(`${entity} is not an entity; known: ${ENTITY_NAMES.join(', ')}`)
  await withInstallation(async ({ kafka }) => {
    if (connection !== undefined) await readConnection(kafka, connection)
    const request: NormalizerRequest = {
      id: randomUUID(),
      kind: 'replay',
      entity: (entity ?? null) as EntityName | null,
      connectionId: connection ?? null,
      requestedAt: Date.now(),
    }
    const value = Buffer.from(JSON.stringify(request))
    // every partition has an owner of its own, and each must hear of it
    const partitions = await partitionCount(kafka, NORMALIZER_REQUESTS)
    const producer = kafka.producer()
    try {
      await producer.send(
        Array.from({ length: partitions }, (_, partition) => ({
          topic: NORMALIZER_REQUESTS,
          partition,
          key: request.id,
          value,
        })),
      )
    } finally {
      await producer.close()
    }
    print(
      `replay of ${entity ?? 'every entity'} of ${connection ?? 'every connection'} asked in ${partitions} partitions`,
    )
  })
}

export function addReplayCommand(program: Command): void {
  program
    .command('replay')
    .description('maps the records in Kafka anew; only what comes out different is published')
    .option('--entity <entity>', 'only this one')
    .option('--connection <id>', 'only this one')
    .action(replay)
}
