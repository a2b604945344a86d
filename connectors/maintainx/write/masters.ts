import {
  defineOperation,
  type ReadStream,
  type WritableEntity,
  type WriteField,
  type WriteOperation,
  type WriteRequest,
} from '../../../core/index.ts'
import type { MaintainXSession } from '../session.ts'
import type { Row } from '../values.ts'
import type { Kind } from './kinds.ts'
import { type Mapped, namesOf, valuesOf } from './mapped.ts'
import {
  type Amendment,
  create,
  findCreated,
  findRemoved,
  findUpdate,
  remove,
  type Subject,
  settled,
  update,
  withCustom,
} from './records.ts'
import { sentOf } from './sent.ts'

type Operation<Entity extends WritableEntity> = WriteOperation<MaintainXSession, Entity>

export interface Master<Entity extends WritableEntity> {
  readonly entity: Entity
  readonly kind: Kind
  readonly stream: ReadStream<MaintainXSession, Entity>
  readonly fields: readonly WriteField[]
  /** @param record as it is; null = a new one */
  readonly amendment: (session: MaintainXSession, request: WriteRequest<Entity>, record: Row | null) => Amendment
}

/** How master data are created, changed and deleted: records without lines, each written by one call. */
export function masterOperations<Entity extends WritableEntity>(
  master: Master<Entity>,
): readonly [create: Operation<Entity>, update: Operation<Entity>, remove: Operation<Entity>] {
  const { entity, kind, fields, amendment } = master
  return [
    defineOperation<MaintainXSession, Entity>({
      entity,
      operation: 'CREATE',
      anchor: 'searchable',
      conflicts: 'none',
      atomic: true,
      fields,
      execute: async (session, request, signal) =>
        create(session, request, kind, amendment(session, request, null), signal),
      find: (session, request, signal) => findCreated(session, request, kind, signal),
    }),
    defineOperation<MaintainXSession, Entity>({
      entity,
      operation: 'UPDATE',
      anchor: 'absolute',
      conflicts: 'compare',
      atomic: true,
      fields: fields.filter(({ on }) => on.includes('UPDATE')),
      execute: (session, request, signal) =>
        update(session, request, master, (record) => amendment(session, request, record), signal),
      find: (session, request, signal) =>
        findUpdate(session, request, kind, (record) => amendment(session, request, record), signal),
    }),
    deletion(entity, () => master),
  ]
}

export const deletion = <Entity extends WritableEntity>(
  entity: Entity,
  subjectOf: (request: WriteRequest<Entity>) => Subject<Entity>,
): Operation<Entity> =>
  defineOperation<MaintainXSession, Entity>({
    entity,
    operation: 'DELETE',
    anchor: 'absolute',
    conflicts: 'compare',
    atomic: true,
    fields: [],
    execute: (session, request, signal) => remove(session, request, subjectOf(request), signal),
    find: (session, request, signal) => findRemoved(session, request, subjectOf(request).kind, signal),
  })

/** The amendment of a record whose fields are all in the table. */
export function tableAmendment(kind: Kind, table: readonly Mapped[]) {
  const names = { fields: namesOf(table) }
  return (session: MaintainXSession, { payload, target }: WriteRequest): Amendment => {
    const sent = sentOf(payload)
    const doing = target === null ? `creating a ${kind.title}` : `changing ${kind.title} ${target}`
    return settled(doing, (findings) => ({
      body: withCustom(session, kind, valuesOf(table, sent, findings), sent, findings),
      names,
    }))
  }
}
