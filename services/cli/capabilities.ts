import type { Command } from 'commander'
import { connectorOf } from '../../connectors/index.ts'
import { type AnyConnector, ENTITY_NAMES, type EntityName, type WriteOperationName } from '../../core/index.ts'
import { readConnection, readConnections } from './connection-table.ts'
import { withInstallation } from './installation.ts'
import { payloadSchema } from './payload-schema.ts'
import { type Cell, CommandError, print, printJson, table, UsageError } from './output.ts'

const OPERATIONS: readonly WriteOperationName[] = ['CREATE', 'UPDATE', 'DELETE', 'SET_STATUS']

const operationOf = (connector: AnyConnector, entity: EntityName, operation: WriteOperationName) =>
  connector.operations?.find((one) => one.entity === entity && one.operation === operation)

/** One row an entity; a cell names the anchor by which a lost answer is found again. */
export function matrixOf(connector: AnyConnector): readonly (readonly Cell[])[] {
  return ENTITY_NAMES.map((entity) => [
    entity,
    ...OPERATIONS.map((name) => operationOf(connector, entity, name)?.anchor ?? null),
  ])
}

const reasonsOf = (connector: AnyConnector): string[] =>
  (connector.unsupported ?? []).map(({ entity, operation, reason }) => `  ${operation} ${entity}: ${reason}`)

async function capabilities(id: string | undefined): Promise<void> {
  await withInstallation(async ({ kafka }) => {
    const all =
      id === undefined ? [...(await readConnections(kafka)).connections.values()] : [await readConnection(kafka, id)]
    for (const connection of all.filter(({ status }) => status !== 'removed')) {
      const connector = connectorOf(connection.system)
      print(`${connection.id} (${connector?.title ?? connection.system})`)
      if (connector === undefined) continue
      print(table(['ENTITY', ...OPERATIONS], matrixOf(connector)))
      for (const reason of reasonsOf(connector)) print(reason)
    }
  })
}

async function schema(id: string, entityName: string, operationName: string): Promise<void> {
  const entity = ENTITY_NAMES.find((one) => one === entityName)
  const name = OPERATIONS.find((one) => one === operationName.toUpperCase().replace('-', '_'))
  if (entity === undefined) throw new UsageError(`${entityName} is no entity; known: ${ENTITY_NAMES.join(', ')}`)
  if (name === undefined) throw new UsageError(`${operationName} is no operation; known: ${OPERATIONS.join(', ')}`)
  await withInstallation(async ({ kafka }) => {
    const connection = await readConnection(kafka, id)
    const connector = connectorOf(connection.system)
    const operation = connector === undefined ? undefined : operationOf(connector, entity, name)
    if (operation === undefined) {
      const known = connector?.unsupported?.find((one) => one.entity === entity && one.operation === name)
      throw new CommandError(known?.reason ?? `${connection.system} does not take ${name} of ${entity}`)
    }
    printJson(payloadSchema(entity, operation, connection))
  })
}

export function addCapabilityCommands(program: Command): void {
  const command = program
    .command('capabilities')
    .description('what can be written through each connection, and how a lost answer is found again')
  command.command('matrix [connection]', { isDefault: true }).description('entities by operations').action(capabilities)
  command
    .command('schema <connection> <entity> <operation>')
    .description('JSON Schema of the payload, with what the connection fills in and where each rule comes from')
    .action(schema)
}
