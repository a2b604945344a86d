import { setTimeout as delay } from 'node:timers/promises'
import { ACTIONS, type Change, type Context } from './actions.ts'
import { createRandom } from './random.ts'
import { connectTryton, type TrytonAddress } from './rpc.ts'
import { loadWorld } from './world.ts'

/** One thing that was done in the ERP, or that the ERP refused. */
export interface Done {
  readonly action: string
  /** null = there was nothing to do it to. */
  readonly change: Change | null
  /** Tryton's words, when it said no; nothing was changed then. */
  readonly refused?: string
  readonly at: number
}

export interface Activity {
  /** Does one thing, chosen by the seeded generator. */
  step(): Promise<Done>
  /** Everything that was done so far. */
  readonly log: readonly Done[]
}

/** Plays the users of a seeded Tryton. The same seed on the same data does the same things. */
export async function createActivity(at: TrytonAddress, options: { readonly seed?: number } = {}): Promise<Activity> {
  const tryton = await connectTryton(at)
  const world = await loadWorld(tryton)
  const random = createRandom(options.seed ?? 7)
  const context: Context = { tryton, random, world, ownParties: [], ownTemplates: [], counter: 1_000_000 }
  const weights = ACTIONS.reduce((sum, [, weight]) => sum + weight, 0)
  const log: Done[] = []

  return {
    log,
    async step() {
      context.counter++
      let left = random.next() * weights
      const [action, , run] =
        ACTIONS.find(([, weight]) => (left -= weight) < 0) ?? (ACTIONS[0] as (typeof ACTIONS)[number])
      let done: Done
      try {
        done = { action, change: await run(context), at: Date.now() }
      } catch (error) {
        done = { action, change: null, refused: (error as Error).message, at: Date.now() }
      }
      log.push(done)
      return done
    },
  }
}

/** Steps at that rate until the signal aborts; a slow ERP makes it slower, never bunched. */
export async function keepActive(
  activity: Activity,
  perSecond: number,
  signal: AbortSignal,
  onDone: (done: Done) => void = () => {},
): Promise<void> {
  while (!signal.aborted) {
    const started = Date.now()
    onDone(await activity.step())
    await delay(Math.max(0, 1000 / perSecond - (Date.now() - started)), undefined, { signal }).catch(() => {})
  }
}
