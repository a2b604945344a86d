import { randomBytes } from 'node:crypto'
import {
  createLocalCodec,
  type EntityName,
  type RawRecord,
  unifiedId,
  type WebhookHint,
  type WebhookRequest,
} from '../../../core/index.ts'
import { type Harness, incrementRange, keyText, never, open, readAll, streamOf } from './harness.ts'
import { type Pushing, pushing } from './pushing.ts'
import { must, type Rule, type StreamRule } from './rules.ts'

/** Further from the system's time than any tolerance. */
const LATE_MS = 3_600_000

async function someDelivery({ doings, receiver }: Pushing): Promise<WebhookRequest> {
  const [doing] = Object.values(doings).flatMap((each) => Object.values(each))
  must(doing !== undefined, 'the harness knows nothing that the system tells of')
  const from = receiver.received.length
  await doing()
  const request = await receiver.first(from, () => true)
  must(request !== null, 'something happened, and nothing was delivered')
  return request
}

const withHeader = (request: WebhookRequest, name: string, change: (value: string) => string | null) => ({
  ...request,
  rawHeaders: request.rawHeaders.flatMap((value, at, all) => {
    if (at % 2 !== 0) return []
    const given = all[at + 1] ?? ''
    const changed = value.toLowerCase() === name ? change(given) : given
    return changed === null ? [] : [value, changed]
  }),
})

function flipped(body: Buffer, at: number): Buffer {
  const copy = Buffer.from(body)
  copy.writeUInt8((copy[at] ?? 0) ^ 1, at)
  return copy
}

const otherDigit = (digit: string): string => (digit === 'a' ? 'b' : 'a')

/** A delivery with something done to it on the way. */
function forgeries(
  request: WebhookRequest,
  { scheme }: Pushing,
): { readonly what: string; readonly forged: WebhookRequest }[] {
  const { body } = request
  const parsed = JSON.parse(body.toString('utf8')) as object
  const list = [0, Math.floor(body.length / 2), body.length - 1].map((at) => ({
    what: `one bit of byte ${at} is flipped`,
    forged: { ...request, body: flipped(body, at) },
  }))
  list.push({ what: 'the body is cut', forged: { ...request, body: body.subarray(0, -1) } })
  list.push({ what: 'the body is empty', forged: { ...request, body: Buffer.alloc(0) } })
  list.push({
    what: 'the body is written anew',
    forged: { ...request, body: Buffer.from(JSON.stringify(parsed, null, 1)) },
  })
  for (const name of scheme.headers) {
    list.push({ what: 'there is no signature', forged: withHeader(request, name, () => null) })
    list.push({ what: 'the signature ends in another digit', forged: withHeader(request, name, changedSignature) })
  }
  const { from, header } = scheme.timestamp ?? {}
  const later = (value: string) => value.replace(/\d{10,13}/, (time) => String(BigInt(time) + 1n))
  if (from === 'header' && header !== undefined)
    list.push({ what: 'it has a later time', forged: withHeader(request, header, later) })
  if (from === 'kv')
    for (const name of scheme.headers)
      list.push({ what: 'it has a later time', forged: withHeader(request, name, later) })
  return list
}

/** Near the end: the very last digit of base64 may say nothing. */
const changedSignature = (value: string): string =>
  `${value.slice(0, -6)}${otherDigit(value.at(-6) ?? '')}${value.slice(-5)}`

export const PUSHING_RULES: readonly Rule[] = [
  {
    id: 'H1',
    statement: 'deliveries are signed over their raw bytes: forged, stale and replayed ones are refused',
    appliesTo: ({ webhook }) => webhook !== undefined,
    check: (harness) =>
      pushing(harness, async (run) => {
        const { scheme, verifier, verifierOf, secrets } = run
        must(scheme.alg !== 'none', 'deliveries are not signed')
        must(scheme.content.includes('{body}'), 'the signature does not cover the body')
        const request = await someDelivery(run)
        const now = await harness.systemTime()
        const given = verifier.verify(request, now)
        must(given.ok, 'a genuine delivery is refused')
        const wrong = () => verifierOf([randomBytes(32).toString('hex'), `whsec_${randomBytes(32).toString('base64')}`])
        must(!wrong().verify(request, now).ok, 'another secret is taken for the right one')
        must(
          verifierOf([`whsec_${randomBytes(24).toString('base64')}`, ...secrets]).verify(request, now).ok,
          'an old secret hides the new one',
        )
        for (const { what, forged } of forgeries(request, run))
          must(!verifier.verify(forged, now).ok, `taken for genuine, though ${what}`)
        must(scheme.timestamp !== undefined && scheme.content.includes('{ts}'), 'the signature does not cover the time')
        for (const at of [now + LATE_MS, now - LATE_MS])
          must(
            !verifier.verify(request, at).ok,
            `taken an hour ${at > now ? 'late' : 'early'}: it can be replayed for ever`,
          )
      }),
  },
]

export const PUSHED_STREAM_RULES: readonly StreamRule[] = [
  {
    id: 'H2',
    statement: 'what a webhook leads to and what a poll finds of the same change are the same bytes',
    appliesTo: ({ webhook }) => webhook !== undefined,
    async check(harness, entity) {
      const doings = harness.pushes?.doings[entity]
      // nothing that happens to these is told
      if (doings === undefined || Object.keys(doings).length === 0) return
      await pushing(harness, async (run) => {
        const { session } = await open(harness)
        const stream = streamOf(harness, entity)
        for (const [doing, act] of Object.entries(doings)) {
          const since = await harness.systemTime()
          const from = run.receiver.received.length
          const key = await act()
          const hint = await hintOf(run, from, entity, key, since)
          must(hint !== null, `${doing} ${key}: no delivery tells of it`)
          const until = (await harness.systemTime()) + 1
          const polled = (await readAll(stream, session, incrementRange(since, until, 500))).findLast(
            (record) => keyText(record) === key && record.deleted !== true,
          )
          const told = hint.record ?? (await stream.readOne(session, key, never()))
          const live = told?.deleted === true ? null : told
          const [byWebhook, byPoll] = [live, polled ?? null].map((record) => bytesOf(harness, entity, record))
          must(byWebhook === byPoll, `${doing} ${key}: by webhook ${byWebhook}, by poll ${byPoll}`)
        }
      })
    },
  },
]

/** What the deliveries since then say of the record; one without a key is about all of its stream. */
async function hintOf(
  run: Pushing,
  from: number,
  entity: EntityName,
  key: string,
  now: number,
): Promise<WebhookHint | null> {
  const fits = (hint: WebhookHint) => hint.entity === entity && (hint.key === key || hint.key === null)
  const hintsIn = (request: WebhookRequest) => run.webhook.hints(run.deliveryOf(request, now))
  const request = await run.receiver.first(from, (each) => hintsIn(each).some(fits))
  return request === null ? null : (hintsIn(request).find(fits) ?? null)
}

const codec = createLocalCodec()

/** The unified record through the codec, in hexadecimal, or why it is none. */
function bytesOf(harness: Harness, entity: EntityName, record: RawRecord | null): string {
  try {
    return record === null ? 'none' : encoded(harness, entity, record)
  } catch (error) {
    return String(error)
  }
}

function encoded(harness: Harness, entity: EntityName, record: RawRecord): string {
  const { mapping } = harness
  const stream = streamOf(harness, entity)
  const key = keyText(record)
  const unified = {
    ...stream.toUnified(record.payload, mapping, key),
    id: unifiedId(mapping.connectionId, entity, record.key),
    connection_id: mapping.connectionId,
    system: mapping.system,
    source_id: key,
    deleted_at: null,
    raw: null,
    mapping_version: `${mapping.system}/${entity}@${stream.mappingVersion}`,
    source_version: record.version,
    origin: 'WEBHOOK',
    synced_at: 0,
  }
  const { value } = codec.unified(entity).encode({ ...unified, version: unified.version ?? '' } as never)
  return value.toString('hex')
}
