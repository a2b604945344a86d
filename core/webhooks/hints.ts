import { ENTITY_NAMES, type EntityName } from '../../schemas/generated/entities.ts'
import type { WebhookDelivery, WebhookHint } from '../webhook.ts'
import { cloudEventHints, isCloudEvent } from './cloud-events.ts'
import { jsonBody } from './request.ts'

type Fields = { readonly [field: string]: unknown }

/**
 * Hints in Tributary's own form, which any system may be made to send (docs/webhooks.md):
 * `{"entity":"vendor","key":"42"}`, or several as `{"changes":[…]}`, either also inside `data`; a key of several parts
 * is a list, no key means that something of this entity has changed. CloudEvents are read where their type allows.
 * @throws Error saying what is wrong with the body
 */
export function ownHints(delivery: Pick<WebhookDelivery, 'headers' | 'body'>): readonly WebhookHint[] {
  const { headers, body } = delivery
  const json = body.length === 0 && isCloudEvent(headers, null) ? null : jsonBody(body)
  if (json === undefined) throw new Error('the body is not JSON')
  const inside = fieldsOf(fieldsOf(json)?.['data']) ?? fieldsOf(json)
  if (inside !== null && Array.isArray(inside['changes'])) return inside['changes'].map(hintOf)
  if (inside !== null && inside['entity'] !== undefined) return [hintOf(inside)]
  if (isCloudEvent(headers, fieldsOf(json))) return cloudEventHints(headers, fieldsOf(json))
  throw new Error('the body is neither {"entity": …, "key": …} nor {"changes": [ … ]} nor a CloudEvent')
}

function hintOf(change: unknown): WebhookHint {
  const { entity, key } = fieldsOf(change) ?? {}
  if (typeof entity !== 'string' || !(ENTITY_NAMES as readonly string[]).includes(entity))
    throw new Error(`entity must be one of ${ENTITY_NAMES.join(', ')}`)
  return { entity: entity as EntityName, key: keyText(key ?? null) }
}

function keyText(key: unknown): string | null {
  if (key === null) return null
  const parts = (Array.isArray(key) ? key : [key]).map((part: unknown) =>
    typeof part === 'string' || Number.isSafeInteger(part) ? String(part) : null,
  )
  if (parts.length === 0 || parts.includes(null) || parts.every((part) => part === ''))
    throw new Error('key must be text, a whole number, or a list of these')
  return parts.join('|')
}

const fieldsOf = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null
