import { createHmac } from 'node:crypto'

/** `t=<time>,v1=<hex>` over `<time>.<body>`; the address is signed alike. */
export const signature = (secret: string, timestamp: string, signed: string): string =>
  `t=${timestamp},v1=${createHmac('sha256', secret).update(`${timestamp}.${signed}`, 'utf8').digest('hex')}`

export function signedHeaders(secret: string, timestamp: string, url: string, body: string): Record<string, string> {
  return {
    'x-maintainx-webhook-body-signature': signature(secret, timestamp, body),
    'x-maintainx-webhook-uri-signature': signature(secret, timestamp, url),
  }
}
