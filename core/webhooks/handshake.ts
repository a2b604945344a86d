import type { WebhookState } from '../control.ts'
import { jsonBody, queryParameter } from './request.ts'
import type { Handshake } from './schemes.ts'

/** Longer tokens are not echoed. */
const LONGEST_TOKEN = 512

/**
 * Whether a question about the address may be answered: while the connection's webhook is being set up or has fallen
 * silent, and, where subscriptions expire, at any time, as each renewal asks again.
 */
export function expectsHandshake(
  handshake: Handshake,
  state: Pick<WebhookState, 'health' | 'subscriptions'> | null,
): boolean {
  if (state === null || state.health !== 'healthy') return true
  return handshake === 'validation-token' && state.subscriptions.some(({ expiresAt }) => expiresAt !== null)
}

/** `?validationToken=T`: T, to be echoed as plain text; null = this is no such question. */
export function validationToken(query: string): string | null {
  return echoable(queryParameter(query, 'validationToken'))
}

/** `{"type":"url_verification","challenge":"c"}`: c; null = this is no such question. */
export function challengeIn(body: Buffer): string | null {
  // A question is short: other bodies are not parsed for it.
  if (body.length > 2 * LONGEST_TOKEN) return null
  const json = jsonBody(body)
  if (typeof json !== 'object' || json === null) return null
  const { type, challenge } = json as { readonly type?: unknown; readonly challenge?: unknown }
  return type === 'url_verification' && typeof challenge === 'string' ? echoable(challenge) : null
}

/**
 * CloudEvents, "HTTP 1.1 Web Hooks for Event Delivery": what OPTIONS is answered with; null = not such a question.
 * @param perSecond deliveries that are taken
 */
export function cloudEventsConsent(
  origin: string | undefined,
  rate: string | undefined,
  perSecond: number,
): { readonly [header: string]: string } | null {
  if (origin === undefined || !/^[A-Za-z0-9.:_-]{1,253}$/.test(origin)) return null
  const perMinute = Math.max(1, Math.floor(perSecond * 60))
  const asked = rate !== undefined && /^[1-9]\d{0,8}$/.test(rate) ? Number(rate) : perMinute
  return {
    'WebHook-Allowed-Origin': origin,
    'WebHook-Allowed-Rate': String(Math.min(asked, perMinute)),
    Allow: 'POST, OPTIONS',
  }
}

/** Visible characters only: what is echoed must not become anything else in the answer. */
const echoable = (token: string | null): string | null =>
  token !== null && token.length <= LONGEST_TOKEN && /^[\x20-\x7e]+$/.test(token) ? token : null
