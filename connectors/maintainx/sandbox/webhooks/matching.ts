import type { JsonObject } from '../description/index.ts'
import type { PlantEvent } from '../plant.ts'
import type { Doc } from '../store.ts'

interface Options {
  readonly serializeEntity?: boolean
  readonly serializePurchaseOrder?: boolean
  readonly onlySerializeFilteredProperties?: boolean
}

/** Whether a subscription wants an event: every filter that is set meets one of its values. */
export function isWanted(subscription: Doc, event: PlantEvent): boolean {
  if (subscription['type'] !== event.type || subscription['status'] !== 'VALID') return false
  if (subscription.organizationId !== event.organizationId) return false
  const filters = (subscription['filters'] ?? {}) as Readonly<Record<string, readonly (string | number)[] | string>>
  return Object.entries(filters).every(([name, wanted]) => {
    if (!Array.isArray(wanted) || wanted.length === 0) return true
    return (event.filters?.[name] ?? []).some((value) => (wanted as readonly unknown[]).includes(value))
  })
}

/** What is sent: the record only where the subscription asked for it. */
export function payloadOf(subscription: Doc, { payload, entity, filters }: PlantEvent): JsonObject {
  const options = (subscription['options'] ?? {}) as Options
  if (entity === undefined || (options.serializeEntity !== true && options.serializePurchaseOrder !== true))
    return payload
  const wanted = Object.values((subscription['filters'] ?? {}) as Readonly<Record<string, readonly string[]>>).flat()
  if (options.onlySerializeFilteredProperties !== true || wanted.length === 0 || filters === undefined) {
    return { ...payload, [entity.key]: entity.value }
  }
  const fields = new Set(wanted.flatMap((property) => entity.fields?.[property] ?? []))
  const kept = Object.entries(entity.value).filter(([name]) => fields.has(name) || name === 'id')
  return { ...payload, [entity.key]: Object.fromEntries(kept) }
}
