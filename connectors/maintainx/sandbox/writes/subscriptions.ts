import { randomBytes } from 'node:crypto'
import { invalid } from '../http.ts'
import { type Command, given, type PlantEvent, record, time, type Write } from '../plant.ts'

/** "Webhook URLs are currently limited to a maximum of 512 characters" */
const LONGEST_URL = 512

function checkUrl({ body }: Command): void {
  const url = body['url']
  if (url === undefined) return
  if (typeof url !== 'string' || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw invalid('url', `'url' is not a valid URL`, String(url))
  if (url.length > LONGEST_URL) throw invalid('url', `'url' must have at most ${LONGEST_URL} characters`, url)
}

const event = ({ plant, actor }: Command, type: string, id: number, more: PlantEvent['payload'] = {}): PlantEvent => ({
  type,
  organizationId: actor.organizationId,
  subject: `subscriptions/${id}`,
  payload: { orgId: actor.organizationId, actorId: actor.userId, webhookId: id, ...more, occurredAt: time(plant) },
})

const subscribe: Write = (command) => {
  const { plant, actor, body } = command
  checkUrl(command)
  const doc = plant.store.insert('subscriptions', {
    organizationId: actor.organizationId,
    ...given(body, ['type', 'url', 'filters', 'options']),
    status: plant.switches.pendingApproval ? 'PENDING_APPROVAL' : 'VALID',
    secret: randomBytes(24).toString('base64url'),
    givenUp: 0,
  })
  plant.emit(event(command, 'WEBHOOK_CREATED', doc.id, { webhookType: String(doc['type']), url: String(doc['url']) }))
  const { id, status, secret } = doc
  return { body: { id, status, ...(plant.switches.secretAtCreation ? { secret } : {}) } }
}

const change: Write = (command) => {
  checkUrl(command)
  const doc = record(command, 'subscriptions', command.ids['id'])
  return {
    doc: command.plant.store.update('subscriptions', doc.id, given(command.body, ['type', 'url'])),
    resource: 'subscriptions',
  }
}

const unsubscribe: Write = (command) => {
  const doc = record(command, 'subscriptions', command.ids['id'])
  command.plant.store.remove('subscriptions', doc.id)
  command.plant.emit(event(command, 'WEBHOOK_ARCHIVED', doc.id))
  return null
}

export const subscriptionWrites: Readonly<Record<string, Write>> = {
  'POST /subscriptions': subscribe,
  'PATCH /subscriptions/{id}': change,
  'DELETE /subscriptions/{id}': unsubscribe,
}
