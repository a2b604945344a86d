import type { Json, Webhook } from '../../core/index.ts'
import { hintsIn } from './events.ts'
import type { MaintainXSession } from './session.ts'
import { subscriptions } from './subscriptions.ts'

/**
 * Deliveries are signed over the time and the raw body (API description, "Subscriptions & Webhooks"). There is a second
 * signature, over the address; it proves nothing more. They have no id of their own: the hash of the body is it.
 */
export const webhook: Webhook<MaintainXSession> = {
  schemes: {
    maintainx: {
      alg: 'hmac-sha256',
      key: 'utf8',
      content: '{ts}.{body}',
      headers: ['x-maintainx-webhook-body-signature'],
      encoding: 'hex',
      format: 'kv',
      // the description gives no unit
      timestamp: { from: 'kv', unit: 'auto' },
    },
  },
  // of the others only some changes (orders may move the stamp of a part, and no event tells): a poll that finds more is
  // no sign of silence
  covers: ['work_order', 'purchase_order'],
  hints: ({ body }) => hintsIn(JSON.parse(body.toString('utf8')) as Json),
  subscriptions,
}
