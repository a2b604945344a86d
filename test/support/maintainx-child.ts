/**
 * A MaintainX sandbox as a process of its own, so that what people do in it, and what it sends, costs the test nothing:
 * forked with `{ size, switches }` as JSON. Answers each message `{ id, ask, … }` with `{ id, answer }`.
 */
import { setTimeout as delay } from 'node:timers/promises'
import {
  type ActionName,
  type Resource,
  startSandbox,
  type Switches,
} from '../../connectors/maintainx/sandbox/index.ts'

/** What the test may ask. */
export type Ask =
  | { readonly ask: 'address' }
  /** People work until so many events are wanted by subscribers; `everyMs` between one change and the next. */
  | { readonly ask: 'work'; readonly wanted: number; readonly everyMs: number; readonly actions: readonly ActionName[] }
  | { readonly ask: 'counters' }
  /** Nothing is on its way any more. */
  | { readonly ask: 'idle' }
  | { readonly ask: 'truth'; readonly resource: Resource }

const { size, switches } = JSON.parse(process.argv[2] ?? '{}') as {
  readonly size: Record<string, number>
  readonly switches: Partial<Switches>
}
const sandbox = await startSandbox({ size, switches, seed: 11 })
let changes = 0

/** Records that these may be done to, whatever their state: choosing one is then no search. */
const ANY: { readonly [A in ActionName]?: Resource } = {
  changeWorkOrder: 'workorders',
  advanceWorkOrder: 'workorders',
  countPart: 'parts',
  renamePart: 'parts',
  breakAsset: 'assets',
}

async function work(wanted: number, everyMs: number, actions: readonly ActionName[]): Promise<void> {
  const ids = new Map(
    Object.values(ANY).map((resource) => [resource, sandbox.truth(resource).map(({ id }) => id)] as const),
  )
  const began = performance.now()
  let chosen = 0
  for (let turn = 0; sandbox.webhooks.counters.wanted < wanted; turn++) {
    const action = actions[turn % actions.length] as ActionName
    const own = ids.get(ANY[action] as Resource)
    // a step without a common divisor goes round all of them
    const id = own?.[(++chosen * 7919) % own.length]
    if (sandbox.activity.act(action, id) !== null) changes++
    const ahead = began + turn * everyMs - performance.now()
    if (turn % 8 === 0) await delay(Math.max(0, ahead))
  }
}

async function answerTo(message: Ask): Promise<unknown> {
  switch (message.ask) {
    case 'address':
      return { url: sandbox.url, token: sandbox.token }
    case 'work':
      return work(message.wanted, message.everyMs, message.actions)
    case 'counters':
      return {
        ...sandbox.webhooks.counters,
        pending: sandbox.webhooks.pending(),
        subscriptions: sandbox.store.count('subscriptions'),
        requests: sandbox.requests.count,
        changes,
      }
    case 'idle':
      return sandbox.webhooks.idle()
    case 'truth':
      return sandbox.truth(message.resource)
  }
}

process.on('message', (message: Ask & { readonly id: number }) => {
  void answerTo(message).then((answer) => process.send?.({ id: message.id, answer: answer ?? null }))
})
process.once('disconnect', () => process.exit(0))
