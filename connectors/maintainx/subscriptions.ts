import {
  AuthError,
  describeError,
  RejectedError,
  type WebhookSubscription,
  type WebhookSubscriptions,
} from '../../core/index.ts'
import { COLLECTIONS } from './collections.ts'
import { EVENTS } from './events.ts'
import type { MaintainXSession } from './session.ts'
import { isRow, ref, type Row, text } from './values.ts'

/** "Webhook URLs are currently limited to a maximum of 512 characters." */
const LONGEST_URL = 512
const COLLECTION = COLLECTIONS.subscriptions
const FAREWELL_MS = 5000

/**
 * One subscription for each kind of event. MaintainX has no list of them: what an earlier call returned is all that is
 * known, and a call that stops half-way still returns what stands by then, with what is missing as `failed`. One whose
 * creation was not answered may stand unknown to us: its deliveries are refused, and MaintainX deletes what nobody takes.
 */
export const subscriptions: WebhookSubscriptions<MaintainXSession> = {
  auditEveryMs: 3_600_000,
  async ensure(session, { url, entities }, known, signal) {
    if (url.length > LONGEST_URL)
      throw new RejectedError(
        `subscribing to webhooks: the address has ${url.length} characters, of ${LONGEST_URL} at most`,
      )
    const wanted = Object.entries(EVENTS).filter(([, event]) => event.entities.some((each) => entities.includes(each)))
    const standing: WebhookSubscription[] = []
    const rest = new Set(known.filter(({ id }) => id !== ''))
    let stopped: Error | null = null
    const made: WebhookSubscription[] = []
    for (const [type, { options }] of wanted) {
      const mine = [...rest].find(({ event }) => event === type)
      if (mine !== undefined) rest.delete(mine)
      if (stopped !== null) {
        standing.push(mine ?? missing(type, stopped))
        continue
      }
      try {
        const kept = mine === undefined ? null : await renewed(session, mine, url, signal)
        if (kept === null) made.push(await created(session, { type, url, ...(options && { options }) }, signal))
        standing.push(kept ?? (made.at(-1) as WebhookSubscription))
      } catch (error) {
        if (signal.aborted) return forgotten(session, made, signal)
        if (!isOfOne(error)) stopped = error instanceof Error ? error : new Error(String(error))
        standing.push(mine ?? missing(type, error))
      }
    }
    // nothing came of it: whoever asked must know why
    if (stopped !== null && !standing.some(({ id }) => id !== '')) throw stopped
    for (const each of rest)
      if (stopped === null)
        await removed(session, each, signal).catch((error: unknown) => standing.push(failed(each, error)))
      else standing.push(each)
    return standing
  },
  async remove(session, known, signal) {
    for (const each of known) if (each.id !== '') await removed(session, each, signal)
  },
}

/** Nobody waits for the answer any more: what only this call knows of is taken back, as far as that goes in a moment. */
async function forgotten(
  session: MaintainXSession,
  made: readonly WebhookSubscription[],
  { reason }: AbortSignal,
): Promise<never> {
  const moment = AbortSignal.timeout(FAREWELL_MS)
  for (const each of made) await removed(session, each, moment).catch(() => undefined)
  throw reason
}

/** Refused for this event alone: the right or the plan does not include it. */
const isOfOne = (error: unknown): boolean =>
  error instanceof RejectedError || (error instanceof AuthError && error.streamOnly)

const missing = (event: string, error: unknown): WebhookSubscription => ({
  id: '',
  event,
  status: 'failed',
  detail: describeError(error),
  secret: null,
  expiresAt: null,
})

const failed = (known: WebhookSubscription, error: unknown): WebhookSubscription => ({
  ...known,
  status: 'failed',
  detail: describeError(error),
})

/** As it stands now, sent to this address; null = it is gone, or is another event's. */
async function renewed(
  session: MaintainXSession,
  known: WebhookSubscription,
  url: string,
  signal: AbortSignal,
): Promise<WebhookSubscription | null> {
  let found = await session.client.one(COLLECTION, known.id, {}, signal)
  if (found === null || text(found['type']) !== known.event) return null
  if (text(found['url']) !== url) {
    const doing = `changing the address of webhook subscription ${known.id}`
    const path = `${COLLECTION.path}/${known.id}`
    const { body } = await session.client.change({ method: 'PATCH', path, body: { url }, doing }, signal)
    const shown = body?.['subscription']
    if (isRow(shown)) found = shown
  }
  const secret = known.secret ?? (await secretOf(session, known.id, signal))
  return { ...known, ...stateIn(found), secret }
}

async function created(session: MaintainXSession, body: Row, signal: AbortSignal): Promise<WebhookSubscription> {
  const event = text(body['type']) ?? ''
  const doing = `subscribing to ${event}`
  const answer = await session.client.change({ method: 'POST', path: COLLECTION.path, body, doing }, signal)
  const id = ref(answer.body?.['id'])
  if (id === null) throw new RejectedError(`${doing}: MaintainX confirms it and does not say its id`)
  const stands = { id, event, ...stateIn(answer.body ?? {}), expiresAt: null }
  const secret = text(answer.body?.['secret'])
  if (secret !== null) return { ...stands, secret }
  try {
    return { ...stands, secret: await secretOf(session, id, signal) }
  } catch (error) {
    // it stands: the next call asks for the secret again
    return failed({ ...stands, secret: null }, error)
  }
}

async function secretOf(session: MaintainXSession, id: string, signal: AbortSignal): Promise<string | null> {
  const what = { doing: `reading the secret of webhook subscription ${id}`, what: 'see secrets of webhooks' }
  const answer = await session.client.get(`${COLLECTION.path}/${id}/secret`, {}, what, signal)
  return isRow(answer) ? text(answer['secret']) : null
}

function stateIn(subscription: Row): Pick<WebhookSubscription, 'status' | 'detail'> {
  const status = text(subscription['status'])
  if (status === 'VALID') return { status: 'active', detail: null }
  if (status === 'PENDING_APPROVAL')
    return { status: 'pending', detail: 'MaintainX wants to approve it first: ask its support' }
  return { status: 'failed', detail: `MaintainX says ${status ?? 'nothing'}` }
}

async function removed(session: MaintainXSession, { id, event }: WebhookSubscription, signal: AbortSignal) {
  const doing = `removing the subscription to ${event}`
  try {
    await session.client.change({ method: 'DELETE', path: `${COLLECTION.path}/${id}`, doing }, signal)
  } catch (error) {
    if (!(error instanceof RejectedError && error.status === 404)) throw error
  }
}
