import type { Entities, EntityName } from '../../core/index.ts'
import { vanishedIds } from './line-index.ts'
import type { Outbox } from './outbox.ts'
import type { EntityState } from './partition-state.ts'

/** The derived flat records of one header, encoded, list by list in the order of the entity's line topics. */
export interface EncodedLines {
  readonly ids: readonly (readonly string[])[]
  readonly values: readonly (readonly Buffer[])[]
}

type Row = { readonly [field: string]: unknown }

/** Flattens and encodes the lines of a header. Throws when a line does not fit its schema. */
export function encodeLines(state: EntityState, header: Entities[EntityName]): EncodedLines {
  const fields = header as unknown as Row
  const ids: string[][] = []
  const values: Buffer[][] = []
  for (const lane of state.lineLanes) {
    const { field, idField, headerIdField, headerStatusField } = lane.line
    const rows = fields[field] as readonly Row[]
    const laneIds: string[] = []
    const laneValues: Buffer[] = []
    for (const row of rows) {
      const id = row[idField] as string
      const flat = {
        ...row,
        id,
        [headerIdField]: fields['id'],
        connection_id: fields['connection_id'],
        system: fields['system'],
        [headerStatusField]: fields['status'],
        updated_at: fields['updated_at'],
        deleted_at: fields['deleted_at'],
        synced_at: fields['synced_at'],
      }
      laneIds.push(id)
      laneValues.push(lane.codec.encode(flat as never))
    }
    ids.push(laneIds)
    values.push(laneValues)
  }
  return { ids, values }
}

/** Line ids of a header, without encoding anything. */
export function lineIds(state: EntityState, header: Entities[EntityName]): string[][] {
  const fields = header as unknown as Row
  return state.lineLanes.map(({ line }) =>
    (fields[line.field] as readonly Row[]).map((row) => row[line.idField] as string),
  )
}

/** Adds the lines of a published header, and a tombstone for each line that its last version had and this one lacks. */
export function publishLines(outbox: Outbox, state: EntityState, slot: number, lines: EncodedLines): void {
  if (state.lines === null) return
  const vanished = vanishedIds(state.lines.get(slot), lines.ids)
  state.lineLanes.forEach((lane, i) => {
    for (const id of vanished[i] ?? []) outbox.add(lane, id, null)
    const ids = lines.ids[i] ?? []
    const values = lines.values[i] ?? []
    for (let n = 0; n < ids.length; n++) outbox.add(lane, ids[n] as string, values[n] as Buffer)
  })
  state.lines.set(slot, lines.ids)
}

/** Tombstones for every line of a header that leaves the unified topic. */
export function buryLines(outbox: Outbox, state: EntityState, slot: number): void {
  if (state.lines === null) return
  const ids = state.lines.get(slot)
  state.lineLanes.forEach((lane, i) => {
    for (const id of ids?.[i] ?? []) outbox.add(lane, id, null)
  })
  state.lines.remove(slot)
}
