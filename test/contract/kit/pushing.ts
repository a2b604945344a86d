import type { SignatureScheme, Verifier, Webhook, WebhookDelivery, WebhookRequest } from '../../../core/index.ts'
import { bodyId, createVerifier, type EntityName, keptHeaders, receiptId, sendersId } from '../../../core/index.ts'
import type { Harness } from './harness.ts'
import { openReceiver, type Receiver } from './receiver.ts'
import { must } from './rules.ts'

/** What the kit must know of a system to try what it pushes. */
export interface PushSide {
  /** Makes the system tell this address of what happens; the secrets that it signs with. */
  subscribe(url: string): Promise<{ readonly secrets: readonly string[]; end(): Promise<void> }>
  /** What users do that the system tells of, by stream and by what it is; each gives the native key of the record. */
  readonly doings: { readonly [E in EntityName]?: { readonly [doing: string]: () => Promise<string> } }
  /** What checks deliveries. Default: the receiver's own. */
  readonly verifier?: typeof createVerifier
}

export interface Pushing {
  readonly webhook: Webhook
  readonly scheme: SignatureScheme
  readonly receiver: Receiver
  readonly doings: PushSide['doings']
  readonly verifierOf: (secrets: readonly string[]) => Verifier
  readonly secrets: readonly string[]
  readonly verifier: Verifier
  /** As the receiver keeps it. */
  deliveryOf(request: WebhookRequest, now: number): WebhookDelivery
}

/** The system pushes to an address of the kit. */
export async function pushing(harness: Harness, work: (pushing: Pushing) => Promise<void>): Promise<void> {
  const { pushes, connector, mapping } = harness
  const webhook = connector.webhook as Webhook | undefined
  must(webhook !== undefined && pushes !== undefined, 'the harness cannot play with what the system pushes')
  const [scheme] = Object.values(webhook.schemes)
  must(scheme !== undefined, 'no scheme of signatures is declared')
  const receiver = await openReceiver()
  let end: (() => Promise<void>) | null = null
  try {
    const subscribed = await pushes.subscribe(receiver.url)
    end = () => subscribed.end()
    const verifierOf = (secrets: readonly string[]) => (pushes.verifier ?? createVerifier)(scheme, secrets)
    const verifier = verifierOf(subscribed.secrets)
    await work({
      webhook,
      scheme,
      receiver,
      doings: pushes.doings,
      secrets: subscribed.secrets,
      verifierOf,
      verifier,
      deliveryOf(request, now) {
        const verdict = verifier.verify(request, now)
        const id = verdict.ok ? sendersId(verdict.id, request.rawHeaders) : null
        return {
          connectionId: mapping.connectionId,
          receiptId: receiptId(now),
          deliveryId: id ?? bodyId(request.body),
          receivedAt: now,
          headers: keptHeaders(request.rawHeaders, scheme),
          body: request.body,
        }
      },
    })
  } finally {
    await end?.()
    await receiver.close()
  }
}
