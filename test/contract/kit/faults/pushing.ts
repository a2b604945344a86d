import {
  createVerifier,
  type JsonObject,
  type SignatureScheme,
  type Webhook,
  type WebhookRequest,
} from '../../../../core/index.ts'
import type { Harness } from '../harness.ts'
import { type Fault, withConnector, withStreams } from './plant.ts'

const withWebhook = (harness: Harness, change: (webhook: Webhook) => Partial<Webhook>): Harness => {
  const webhook = harness.connector.webhook as Webhook
  return withConnector(harness, { webhook: { ...webhook, ...change(webhook) } })
}

const withScheme = (harness: Harness, changes: Partial<SignatureScheme>): Harness =>
  withWebhook(harness, ({ schemes }) => ({
    schemes: Object.fromEntries(Object.entries(schemes).map(([name, scheme]) => [name, { ...scheme, ...changes }])),
  }))

type Check = ReturnType<typeof createVerifier>['verify']

/** Changes what checks deliveries. */
const withChecks = (harness: Harness, change: (check: Check) => Check): Harness => ({
  ...harness,
  ...(harness.pushes === undefined
    ? {}
    : {
        pushes: {
          ...harness.pushes,
          verifier: (scheme, secrets) => {
            const verifier = createVerifier(scheme, secrets)
            return { ...verifier, verify: change((request, now) => verifier.verify(request, now)) }
          },
        },
      }),
})

/** What a body says, whatever it looks like. */
const saysOf = ({ body }: WebhookRequest): string | null => {
  try {
    return JSON.stringify(JSON.parse(body.toString('utf8')))
  } catch {
    return null
  }
}

/** Found by the rules of what is pushed. */
export const PUSHING_FAULTS: readonly Fault[] = [
  {
    title: 'takes deliveries that nobody signed',
    finds: ['H1'],
    complaint: /not signed/,
    plant: (harness) => withScheme(harness, { alg: 'none' }),
  },
  {
    title: 'lets the signature cover the time alone',
    finds: ['H1'],
    complaint: /does not cover the body/,
    plant: (harness) => withScheme(harness, { content: '{ts}' }),
  },
  {
    title: 'takes deliveries of any age',
    finds: ['H1'],
    complaint: /replayed for ever/,
    plant: (harness) => {
      const [scheme] = Object.values((harness.connector.webhook as Webhook).schemes)
      const timestamp = scheme?.timestamp
      return timestamp === undefined
        ? harness
        : withScheme(harness, { timestamp: { ...timestamp, toleranceSeconds: 10 * 365 * 86_400 } })
    },
  },
  {
    title: 'reads the secret in another way than the system',
    // nothing genuine comes through
    finds: ['H1'],
    complaint: /genuine delivery is refused/,
    plant: (harness) => withScheme(harness, { key: 'sha256hex-of-secret' }),
  },
  {
    title: 'checks what the body says instead of its bytes',
    finds: ['H1'],
    complaint: /the body is written anew/,
    plant: (harness) =>
      withChecks(harness, (check) => {
        const known = new Map<string, WebhookRequest>()
        return (request, now) => {
          const says = saysOf(request)
          const verdict = check(request, now)
          if (verdict.ok && says !== null) known.set(says, request)
          const first = says === null ? undefined : known.get(says)
          return first === undefined ? verdict : check({ ...request, body: first.body }, now)
        }
      }),
  },
  {
    title: 'compares the beginning of signatures',
    finds: ['H1'],
    complaint: /the signature ends in another digit/,
    plant(harness) {
      const beginningOf = ({ rawHeaders, body }: WebhookRequest) =>
        `${rawHeaders.map((value) => value.slice(0, Math.max(20, value.length - 8))).join()} ${body.toString('hex')}`
      return withChecks(harness, (check) => {
        const genuine = new Set<string>()
        return (request, now) => {
          const verdict = check(request, now)
          if (verdict.ok) genuine.add(beginningOf(request))
          const isStale = !verdict.ok && verdict.reason === 'stale'
          return !isStale && genuine.has(beginningOf(request)) ? { ok: true, secret: 0, id: null } : verdict
        }
      })
    },
  },
  {
    title: 'names another record than the one that changed',
    finds: ['H2'],
    complaint: /no delivery tells of it/,
    plant: (harness) =>
      withWebhook(harness, (webhook) => ({
        hints: (delivery) =>
          webhook.hints(delivery).map((hint) => ({ ...hint, key: hint.key === null ? 'x' : `${hint.key}0` })),
      })),
  },
  {
    title: 'takes what a delivery says for the record',
    finds: ['H2'],
    complaint: /by webhook .*, by poll/,
    plant: (harness) =>
      withWebhook(harness, (webhook) => ({
        hints: (delivery) =>
          webhook.hints(delivery).flatMap((hint) =>
            hint.key === null
              ? []
              : [
                  {
                    ...hint,
                    record: {
                      key: hint.key.split('|'),
                      version: 1,
                      modifiedAt: null,
                      payload: JSON.parse(delivery.body.toString('utf8')) as JsonObject,
                    },
                  },
                ],
          ),
      })),
  },
  {
    title: 'reads single records in another way than lists',
    finds: ['H2', 'M4'],
    complaint: /by webhook .*, by poll/,
    plant: (harness) =>
      withStreams(harness, (stream) => ({
        async readOne(session, key, signal) {
          const record = await stream.readOne(session, key, signal)
          return record === null ? null : { ...record, version: record.version + 1 }
        },
      })),
  },
]
