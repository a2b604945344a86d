import { createHash, randomFillSync } from 'node:crypto'
import { isSensitiveName } from '../redact.ts'
import type { SignatureScheme } from '../webhook.ts'
import { decisiveHeader } from './request.ts'

/** Headers by which senders say what a delivery is about. */
const MATTERS = /^(content-type$|date$|ce-|webhook-|x-)/
/** Written by what stands between sender and receiver. */
const ON_THE_WAY = /^x-(forwarded|real-ip|envoy|amzn|request-id|b3|cloud-trace)/
const MOST_HEADERS = 32
const LONGEST_VALUE = 1024
/** Longer ids, and those with other characters, are hashed: they become part of a key. */
const PLAIN_ID = /^[\x21-\x7e]{1,128}$/

/** Those headers of a delivery that are kept: none that hold a signature or a credential. */
export function keptHeaders(rawHeaders: readonly string[], scheme: SignatureScheme): Record<string, string> {
  const kept: Record<string, string> = {}
  let count = 0
  for (let i = 0; i + 1 < rawHeaders.length && count < MOST_HEADERS; i += 2) {
    const name = (rawHeaders[i] as string).toLowerCase()
    const value = rawHeaders[i + 1] as string
    if (!MATTERS.test(name) || ON_THE_WAY.test(name) || isSensitiveName(name) || value.length > LONGEST_VALUE) continue
    if (scheme.headers.includes(name) || scheme.token?.header === name) continue
    kept[name] = value
    count++
  }
  return kept
}

/** The sender's id of a delivery as it is kept; null = the sender gives none. CloudEvents are told by source and id. */
export function sendersId(id: string | null, rawHeaders: readonly string[]): string | null {
  if (id !== null) return PLAIN_ID.test(id) ? id : `id-sha256:${sha256(id)}`
  const event = decisiveHeader(rawHeaders, 'ce-id') ?? null
  const source = decisiveHeader(rawHeaders, 'ce-source') ?? null
  return event === null || source === null ? null : `ce-sha256:${sha256(`${source}\0${event}`)}`
}

/** Stands for the id where the sender gives none: the same bytes are the same delivery. */
export const bodyId = (body: Buffer): string => `sha256:${sha256(body)}`

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex')

const random = Buffer.alloc(16 * 256)
let used = random.length
const hex = (from: number, to: number): string => random.toString('hex', from, to)

/** UUID v7 (RFC 9562): ordered by time. @param now epoch ms */
export function receiptId(now: number): string {
  if (used === random.length) {
    randomFillSync(random)
    used = 0
  }
  const at = used
  used += 16
  random.writeUIntBE(now, at, 6)
  random[at + 6] = 0x70 | ((random[at + 6] as number) & 0x0f)
  random[at + 8] = 0x80 | ((random[at + 8] as number) & 0x3f)
  return `${hex(at, at + 4)}-${hex(at + 4, at + 6)}-${hex(at + 6, at + 8)}-${hex(at + 8, at + 10)}-${hex(at + 10, at + 16)}`
}
