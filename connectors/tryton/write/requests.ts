import type { EntityWrites, WritableEntity, WriteField, WriteRequest } from '../../../core/index.ts'

/** @throws TypeError: the runtime lets no command without payload through, but a DELETE */
export function payloadOf<Entity extends WritableEntity>(request: WriteRequest<Entity>): EntityWrites[Entity] {
  if (request.payload === null) throw new TypeError(`${request.operation} of a ${request.entity} without payload`)
  return request.payload
}

/** Rules of fields that come from one source; by default for CREATE and UPDATE. */
export const fieldsFrom =
  (source: string) =>
  (path: string, more: Partial<WriteField> = {}): WriteField => ({ path, on: ['CREATE', 'UPDATE'], source, ...more })
