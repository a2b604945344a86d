/**
 * Does the writer use what a connection allows, what does it add to a command's latency, and does a slow system slow the
 * others? `npm run bench writer [-- --quick] [--only throughput,latency,connections]`
 *
 * The system is a process of its own that answers every call after the same time; a command is one call that writes and
 * one that reads the record again.
 *
 * 1. Throughput: 1,000 mixed commands of one connection, sent at once, to the last result at a read_committed consumer.
 *    ratio = achieved rate / (commands at once that the connection allows / mean time of a command in the system).
 * 2. Latency, 50 commands a second over ten connections: sent → the system is called; it has answered (the record has
 *    been read again) → the result is visible; and what is left of the whole when the system's own time is taken off.
 *    Command → its record on the unified topic, the system's time included. For scale: a bare hop over Kafka, without a
 *    transaction, of which a command needs two.
 * 3. 1,000 connections, 50 commands a second: p99 of the pipeline's own share with and without one more connection that
 *    takes seconds to answer and has more commands than it can ever take. ratio = p99 without / p99 with.
 */
import { parseArgs } from 'node:util'
import { median } from './support/processes.ts'
import { random } from './support/vendor-changes.ts'
import { type BenchCommand, someCommand } from './writing/commands.ts'
import { openWritingStage, type WritingStage } from './writing/stage.ts'
import { startSystem, type SystemProcess } from './writing/system-process.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: 'throughput,latency,connections' },
  },
})
const only = new Set(values.only.split(','))
const rounds = values.quick ? 1 : 3
const LATENCY_MS = 100
const ALLOWED = 10
const COMMANDS = values.quick ? 300 : 1_000
const PER_SECOND = 50
const SECONDS = values.quick ? 6 : 15
const CONNECTIONS = values.quick ? 200 : 1_000
const SLOW = 'slow'
const SLOW_MS = 3_000

const say = (line: string): void => console.error(line)
const round = (value: number, digits = 1): number => Number(value.toFixed(digits))
const percentile = (numbers: readonly number[], share: number): number => {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
const spread = (numbers: readonly number[]) => ({ p50: percentile(numbers, 0.5), p99: percentile(numbers, 0.99) })
type Spread = ReturnType<typeof spread>
const middle = (runs: readonly Spread[]) => ({
  p50_ms: round(median(runs.map(({ p50 }) => p50))),
  p99_ms: round(median(runs.map(({ p99 }) => p99))),
  runs_p99_ms: runs.map(({ p99 }) => round(p99)),
})
const dice = random(7)

function* commandsFor(connections: readonly string[], count: number): Generator<BenchCommand> {
  for (let nth = 0; nth < count; nth++)
    yield someCommand(connections[Math.floor(dice() * connections.length)] as string, dice)
}

const urls = (system: SystemProcess, ids: readonly string[]) => new Map(ids.map((id) => [id, `${system.url}/${id}`]))

/** Opens the sessions: what is measured is a writer at work. */
async function warm(stage: WritingStage, connections: readonly string[]): Promise<void> {
  const commands = connections.map((connection) => someCommand(connection, dice))
  await stage.send(commands)
  await stage.heard(commands.map(({ id }) => id))
}

async function throughput(stage: WritingStage) {
  const system = await startSystem({ latencyMs: LATENCY_MS })
  const ids = Array.from({ length: rounds }, (_, nth) => `plant-${nth}`)
  await stage.connect(urls(system, ids), ALLOWED)
  const runs: {
    readonly ratio: number
    readonly perSecond: number
    readonly allowedPerSecond: number
    readonly systemMs: number
    readonly atOnce: number
    readonly cpuMs: number
  }[] = []
  for (const id of ids) {
    await warm(stage, [id])
    await system.report()
    const commands = [...commandsFor([id], COMMANDS)]
    const [began, cpu] = [performance.now(), stage.cpu()]
    await stage.send(commands)
    await stage.heard(commands.map((command) => command.id))
    const seconds = (performance.now() - began) / 1_000
    const cpuMs = ((stage.cpu() - cpu) * 1_000) / COMMANDS
    const { calls, mostAtOnce } = await system.report()
    const systemMs = calls.reduce((sum, [, , , busy]) => sum + busy, 0) / calls.length
    const allowedPerSecond = (ALLOWED / systemMs) * 1_000
    const perSecond = COMMANDS / seconds
    runs.push({ ratio: perSecond / allowedPerSecond, perSecond, allowedPerSecond, systemMs, atOnce: mostAtOnce, cpuMs })
    say(`throughput: ${round(perSecond)} of ${round(allowedPerSecond)} commands/s`)
  }
  system.stop()
  const of = (pick: (run: (typeof runs)[number]) => number, digits = 1) => round(median(runs.map(pick)), digits)
  return {
    ratio: of((run) => run.ratio, 3),
    commands: COMMANDS,
    allowed_at_once: ALLOWED,
    most_at_once: Math.max(...runs.map((run) => run.atOnce)),
    system_ms_per_command: of((run) => run.systemMs),
    commands_per_second: of((run) => run.perSecond),
    allowed_per_second: of((run) => run.allowedPerSecond),
    writer_cpu_ms_per_command: of((run) => run.cpuMs, 2),
    ratios: runs.map((run) => round(run.ratio, 3)),
  }
}

/** One run at the steady rate: what each part took, ms. */
async function measure(stage: WritingStage, system: SystemProcess, connections: readonly string[]) {
  await system.report()
  const before = stage.transactions()
  const sentAt = await stage.trickle(commandsFor(connections, PER_SECOND * SECONDS), PER_SECOND)
  await stage.heard(sentAt.keys())
  const after = stage.transactions()
  const { calls } = await system.report()
  const toSystem: number[] = []
  const toResult: number[] = []
  const own: number[] = []
  for (const [id, first, last, busy] of calls) {
    const sent = sentAt.get(id)
    const visible = stage.resultAt.get(id)
    if (sent === undefined || visible === undefined) continue
    toSystem.push(first - sent)
    toResult.push(visible - last)
    own.push(visible - sent - busy)
  }
  if (own.length !== sentAt.size) throw new Error(`the system heard of ${own.length} of ${sentAt.size} commands`)
  const transactionMs = ((after.seconds - before.seconds) * 1_000) / (after.count - before.count)
  const toUnified = [...sentAt].flatMap(([id, sent]) => {
    const seen = stage.unifiedAt.get(id)
    return seen === undefined ? [] : [seen - sent]
  })
  const perCommand = (after.count - before.count) / sentAt.size
  return {
    toSystem: spread(toSystem),
    toResult: spread(toResult),
    own: spread(own),
    toUnified: { ...spread(toUnified), count: toUnified.length },
    transactionMs,
    perCommand,
  }
}

async function latency(stage: WritingStage) {
  const system = await startSystem({ latencyMs: LATENCY_MS })
  const ids = Array.from({ length: 10 }, (_, nth) => `site-${nth}`)
  await stage.connect(urls(system, ids), ALLOWED)
  await warm(stage, ids)
  await measure(stage, system, ids)
  const runs: Awaited<ReturnType<typeof measure>>[] = []
  const bare: Spread[] = []
  for (let nth = 0; nth < rounds; nth++) {
    const run = await measure(stage, system, ids)
    runs.push(run)
    bare.push(spread(await stage.bare(commandsFor(ids, PER_SECOND * 4), PER_SECOND)))
    const { own, toSystem, toResult, toUnified } = run
    const told = Object.entries({ own, toSystem, toResult, toUnified }).map(
      ([name, { p50, p99 }]) => `${name} ${round(p50)}/${round(p99)}`,
    )
    const hop = `bare ${round(bare.at(-1)?.p50 ?? 0)}/${round(bare.at(-1)?.p99 ?? 0)}`
    say(`latency p50/p99, ms: ${told.join(', ')}, ${hop}; ${round(run.perCommand, 2)} transactions a command`)
  }
  system.stop()
  return {
    commands_per_second: PER_SECOND,
    goal_p99_ms: 50,
    own: middle(runs.map((run) => run.own)),
    sent_to_system: middle(runs.map((run) => run.toSystem)),
    answered_to_result: middle(runs.map((run) => run.toResult)),
    command_to_unified: middle(runs.map((run) => run.toUnified)),
    bare_hop: middle(bare),
    system_ms_per_command: 2 * LATENCY_MS,
    seen_on_unified: runs.map((run) => run.toUnified.count),
    transaction_mean_ms: runs.map((run) => round(run.transactionMs)),
    transactions_per_command: runs.map((run) => round(run.perCommand, 2)),
  }
}

async function manyConnections(stage: WritingStage) {
  const system = await startSystem({ latencyMs: LATENCY_MS, slow: { connection: SLOW, ms: SLOW_MS } })
  const ids = Array.from({ length: CONNECTIONS }, (_, nth) => `shop-${nth}`)
  await stage.connect(urls(system, [...ids, SLOW]), ALLOWED)
  await warm(stage, ids)
  await measure(stage, system, ids)
  const without: Spread[] = []
  const slowed: Spread[] = []
  for (let nth = 0; nth < rounds; nth++) {
    without.push((await measure(stage, system, ids)).own)
    const enough = Math.ceil((SECONDS * 1_000 * ALLOWED) / (2 * SLOW_MS)) + 2 * ALLOWED
    const slow = [...commandsFor([SLOW], enough)]
    await stage.send(slow)
    slowed.push((await measure(stage, system, ids)).own)
    await stage.heard(slow.map(({ id }) => id))
    say(
      `${CONNECTIONS} connections, p99 ms: ${round(without.at(-1)?.p99 ?? 0)}; with a slow one ${round(slowed.at(-1)?.p99 ?? 0)}`,
    )
  }
  system.stop()
  const ratio = median(without.map(({ p99 }) => p99)) / median(slowed.map(({ p99 }) => p99))
  return {
    ratio: round(ratio, 3),
    connections: CONNECTIONS,
    slow_answers_take_ms: SLOW_MS,
    without: middle(without),
    with_slow: middle(slowed),
  }
}

const stage = await openWritingStage(say, { normalizer: only.has('latency') })
try {
  const used = only.has('throughput') ? await throughput(stage) : null
  const added = only.has('latency') ? await latency(stage) : null
  const others = only.has('connections') ? await manyConnections(stage) : null
  console.log(
    JSON.stringify({
      name: 'writer',
      ratio: used?.ratio ?? null,
      goal: 0.9,
      throughput: used,
      latency: added,
      connections: others,
      outcomes: Object.fromEntries(stage.outcomes),
    }),
  )
} finally {
  await stage.close()
}
