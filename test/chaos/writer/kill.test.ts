import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  COMMAND_RESULTS,
  type CommandResult,
  CONNECTION_DEFAULTS,
  CONNECTIONS,
  type Connection,
  encodeConnection,
  type Following,
  followTopic,
  type RecordProducer,
} from '../../../core/index.ts'
import { sendCommand } from '../../support/commands.ts'
import { openPipeline, type Pipeline } from '../../support/pipeline.ts'
import { stack } from '../../support/stack.ts'
import { createWriters, type Writers } from '../../support/writers.ts'
import { createPlanner, dice, jsonOf, pick, type Planned } from './commands.ts'
import { netsuiteTarget, sapTarget, type Target } from './systems.ts'

const COMMANDS = 2_000
const KILLS = 30
const SENDING_MS = 50_000
/** The sandboxes answer at once or never: they work on nothing that nobody waits for. */
const POLICY = { settleMs: 2_000, lookAgainMs: 500, retryBaseMs: 300, retryCapMs: 2_000 }
/** SAP's stamps of maintenance orders are whole seconds: a change in the second of the one before does not show. */
const STAMP_MS = 1_100
const random = dice(20)

let targets: Target[]
let pipeline: Pipeline
let producer: RecordProducer
let writers: Writers
let following: Following
/** Newest result of each command, and how many final results said something else than the one before. */
const results = new Map<string, CommandResult>()
const contradictions: string[] = []
const reused = new Set<string>()

function hear(result: CommandResult): void {
  const { command_id: id, is_final, outcome, source_id, errors } = result
  if (errors[0]?.code === 'ID_REUSED') return void reused.add(id)
  const before = results.get(id)
  if (before?.is_final === true && is_final && (before.outcome !== outcome || before.source_id !== source_id))
    contradictions.push(`${id}: ${before.outcome} ${before.source_id}, then ${outcome} ${source_id}`)
  if (before?.is_final !== true || is_final) results.set(id, result)
}

beforeAll(async () => {
  targets = await Promise.all([
    sapTarget('works-1'),
    sapTarget('works-2'),
    netsuiteTarget('trade-1'),
    netsuiteTarget('trade-2'),
  ])
  pipeline = await openPipeline()
  producer = pipeline.kafka.producer()
  const limits = { concurrency: 4, requestsPerSecond: null }
  const connections = targets.map(({ connectionId: id, system, writes }): Connection => {
    const settings = writes.config as Connection['settings']
    return { ...CONNECTION_DEFAULTS, id, system, settings, limits, windowDays: null, updatedAt: Date.now() }
  })
  await producer.send(
    connections.map((connection) => ({ topic: CONNECTIONS, key: connection.id, value: encodeConnection(connection) })),
  )
  following = followTopic(pipeline.kafka, COMMAND_RESULTS, ({ value }) => {
    if (value !== null) hear(pipeline.codec.commandResult.decode(value))
  })
  const { kafka, registry } = stack()
  writers = createWriters({ kafka, registry, prefix: pipeline.prefix, partitions: 4, policy: POLICY })
})
afterAll(async () => {
  writers?.close()
  await following?.close()
  await producer?.close()
  await pipeline?.close()
  await Promise.all((targets ?? []).map((target) => target.close()))
})

const isFinal = (id: string) => results.get(id)?.is_final === true
const send = (plan: Planned, more: object = {}) => sendCommand(producer, plan.entity, { ...jsonOf(plan), ...more })

/** All of them, over most of a minute; some once more, with the same or with other content. */
async function sendAll(plans: readonly Planned[], onSent: (plan: Planned) => void): Promise<string[]> {
  const twisted: string[] = []
  const began = Date.now()
  for (const [nth, plan] of plans.entries()) {
    const wait = began + (nth * SENDING_MS) / plans.length - Date.now()
    if (wait > 0) await delay(wait)
    await send(plan)
    onSent(plan)
    const earlier = plans[Math.floor(random() * nth)]
    if (earlier === undefined || earlier.refersTo !== undefined) continue
    if (random() < 0.05) await send(earlier)
    else if (random() < 0.02) {
      await send(earlier, { payload: { custom_fields: '{"another":"content"}' } })
      twisted.push(earlier.id)
    }
  }
  return twisted
}

/** Dies whenever it likes: while it starts, restores, sends, waits or writes down. */
async function killAll(): Promise<void> {
  await writers.next()
  for (let nth = 0; nth < KILLS; nth++) {
    await delay(200 + random() * 2_600)
    const chance = random()
    // one in five is shut out by its successor while it lives
    if (chance < 0.2) {
      await writers.kill({ takeOver: true })
      continue
    }
    await writers.kill()
    const started = writers.next()
    // one in six dies before it has joined
    if (chance < 0.85) await started
    else started.catch(() => {})
  }
}

/** Connections break before or after the system applied a write, now and then. */
async function cutAll(until: () => boolean): Promise<number> {
  let cuts = 0
  while (!until()) {
    const { switches } = pick(targets, random)
    switches[random() < 0.5 ? 'cutBefore' : 'cutAfter'] = 1 + Math.floor(random() * 4)
    cuts++
    await delay(300)
  }
  for (const { switches } of targets) Object.assign(switches, { cutBefore: 0, cutAfter: 0 })
  return cuts
}

test(`${COMMANDS} commands with ${KILLS} deaths of the writer and cut connections: each is applied once, or refused, and its result says which`, async () => {
  const clock = (began: number) => `${((Date.now() - began) / 1_000).toFixed(1)} s`
  let began = Date.now()
  const planner = createPlanner(`${pipeline.prefix}c`, targets, random)
  const plans: Planned[] = []
  const chains = new Map<string, Awaited<ReturnType<typeof planner.changeToFollow>>>()
  while (plans.length < COMMANDS - 2 * chains.size) {
    const chance = random()
    if (chance < 0.03) plans.push(...(await planner.vendorAndOrder()))
    else if (chance < 0.07) {
      const chain = await planner.changeToFollow()
      chains.set(chain.first.id, chain)
      plans.push(chain.first)
    } else plans.push(await planner.any())
  }
  await following.ready
  const preparing = clock(began)
  began = Date.now()

  const all: Planned[] = []
  let sent = false
  const work = Promise.all([
    sendAll(plans, (plan) => all.push(plan)),
    killAll().finally(() => (sent = true)),
    cutAll(() => sent),
  ])
  let withoutVersion = 0
  const follow = async () => {
    for (const [id, { first, world }] of chains) {
      const finished = results.get(id)?.finished_at ?? Number.POSITIVE_INFINITY
      if (!isFinal(id) || Date.now() < finished + STAMP_MS) continue
      chains.delete(id)
      const { version, outcome } = results.get(id) as CommandResult
      if (version === null || outcome !== 'APPLIED') {
        withoutVersion++
        continue
      }
      for (const rival of planner.rivals(first, world, version)) {
        await send(rival)
        all.push(rival)
      }
    }
  }
  const deadline = Date.now() + 420_000
  let done = false
  void work.finally(() => (done = true)).catch(() => {})
  while (!(done && chains.size === 0 && all.every(({ id }) => isFinal(id))) && Date.now() < deadline) {
    await delay(200)
    await follow()
  }
  const [twisted, , cuts] = await work
  const took = clock(began)

  const outcomes = new Map<string, number>()
  const wrong: string[] = []
  let replays = 0
  let conflicts = 0
  const times = await Promise.all(all.map(({ command }) => command.times()))
  for (const [nth, { id, target, entity, operation, expect: expected, refersTo, replaced }] of all.entries()) {
    const result = results.get(id)
    const outcome = result?.is_final === true ? result.outcome : `${result?.outcome ?? 'nothing'} (not final)`
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    if (result?.is_replay === true) replays++
    if (outcome === 'CONFLICT') conflicts++
    // a write of two calls that died between them: the record is there, and the result says what is missing
    const half = outcome === 'PARTIALLY_APPLIED' && `${operation} ${entity}` === 'CREATE work_order'
    const should = outcome === 'APPLIED' || half ? 1 : 0
    const told = `${id} ${target.connectionId} ${operation} ${entity}: ${outcome}, ${times[nth]} times in the system; ${JSON.stringify(result?.errors.map(({ code, message }) => `${code}: ${message}`))}`
    const asTold = outcome === expected || (half && result?.errors[0]?.field === 'status')
    if (!asTold || (!replaced && times[nth] !== should)) wrong.push(told)
    if (refersTo !== undefined && outcome === 'APPLIED') {
      const vendor = results.get(refersTo)?.source_id
      if (target.vendorOf(result?.source_id ?? '') !== vendor) wrong.push(`${told}: its vendor is not ${vendor}`)
    }
  }
  const inDoubt = outcomes.get('IN_DOUBT') ?? 0
  console.log(
    `${all.length} commands, ${KILLS} kills, ${cuts} cuts in ${took} (made in ${preparing}): ${JSON.stringify(Object.fromEntries(outcomes))}, ${replays} found again, ${inDoubt} in doubt, ${twisted.length} ids reused, ${withoutVersion} changes without a version to expect`,
  )
  expect(wrong).toEqual([])
  expect(contradictions).toEqual([])
  expect(inDoubt).toBe(0)
  expect(twisted.filter((id) => !reused.has(id))).toEqual([])
  expect(conflicts).toBeGreaterThan(10)
  expect(replays).toBeGreaterThan(10)
})
