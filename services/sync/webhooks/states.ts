import {
  type InRecord,
  type Logger,
  type OutRecord,
  resealWebhookState,
  type SecretBox,
  WEBHOOK_STATE,
  type WebhookState,
} from '../../../core/index.ts'
import type { GroupCommit } from '../group-commit.ts'

/** One partition's part of `webhook-state`: in memory as it will be committed. */
export interface WebhookStates {
  load(record: InRecord): void
  get(connectionId: string): WebhookState | undefined
  ids(): string[]
  /** Never throws: when nothing can be committed any more, the next owner starts from what was. */
  set(state: WebhookState): Promise<void>
  remove(connectionId: string): Promise<void>
  /** Seals anew, with the current key, what an older key sealed; what does not open is left and said. */
  reseal(box: () => SecretBox, log: Logger): void
}

export const newWebhookState = (connectionId: string): WebhookState => ({
  connectionId,
  subscriptions: [],
  retired: [],
  health: 'unproven',
  healthReason: null,
  lastDeliveryAt: null,
  told: [],
  updatedAt: 0,
})

export function createWebhookStates(parts: {
  readonly partition: number
  readonly committer: GroupCommit
  readonly now: () => number
}): WebhookStates {
  const states = new Map<string, WebhookState>()

  function write(connectionId: string, value: WebhookState | null): Promise<void> {
    const record: OutRecord = {
      topic: WEBHOOK_STATE,
      partition: parts.partition,
      key: connectionId,
      value: value === null ? null : Buffer.from(JSON.stringify(value)),
    }
    return parts.committer.submit({ records: [record], bytes: 0, update: () => {} }).catch(() => {})
  }

  const set = (state: WebhookState): Promise<void> => {
    const stamped = { ...state, updatedAt: parts.now() }
    states.set(state.connectionId, stamped)
    return write(state.connectionId, stamped)
  }

  return {
    load({ key, value }) {
      if (key === null) return
      if (value === null) states.delete(key.toString())
      else states.set(key.toString(), JSON.parse(value.toString()) as WebhookState)
    },
    get: (connectionId) => states.get(connectionId),
    ids: () => [...states.keys()],
    set,
    remove(connectionId) {
      if (!states.delete(connectionId)) return Promise.resolve()
      return write(connectionId, null)
    },
    reseal(box, log) {
      for (const state of states.values()) {
        if (![...state.subscriptions, ...state.retired].some(({ secret }) => secret !== null)) continue
        try {
          const anew = resealWebhookState(state, box(), parts.now())
          if (anew !== null) void set(anew)
        } catch (error) {
          log.warn({ connection: state.connectionId, err: error }, 'secrets of webhooks cannot be sealed anew')
        }
      }
    },
  }
}
