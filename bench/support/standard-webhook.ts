import { createHmac } from 'node:crypto'

/** Headers of a delivery signed now, as Standard Webhooks has it. @param secret `whsec_…` */
export function signedHeaders(secret: string, id: string, body: string): Record<string, string> {
  const ts = String(Math.floor(Date.now() / 1000))
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${ts}.${body}`).digest('base64')
  return {
    'Content-Type': 'application/json',
    'Webhook-Id': id,
    'Webhook-Timestamp': ts,
    'Webhook-Signature': `v1,${signature}`,
  }
}
