/**
 * How fast does the normalizer work, beside a program that only copies? `npm run bench normalizer [-- options]`
 *
 *   --records 1000000  --keys 200000  --runs 3  --no-two (skip two processes)  --no-profile
 *
 * Each run starts the service's code in a process of its own, on topics emptied for it; the baseline is stock kafkajs
 * that consumes the same topic and produces as many 440-byte values (bench/support/stock-copy.ts). Runs alternate.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { NORMALIZER_STATE } from '../core/index.ts'
import { openInstallation } from './support/installation.ts'
import { median, startWorker, until, type Worker } from './support/processes.ts'
import { summariseProfile } from './support/profile.ts'

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '1000000' },
    keys: { type: 'string', default: '200000' },
    runs: { type: 'string', default: '3' },
    'no-two': { type: 'boolean', default: false },
    'no-profile': { type: 'boolean', default: false },
    'no-baseline': { type: 'boolean', default: false },
    /** Flags of Node for the normalizer, and settings of its group (JSON), to try things out. */
    flags: { type: 'string', default: '' },
    tuning: { type: 'string', default: '{}' },
  },
})
const records = Number(values.records)
const keys = Number(values.keys)
const runs = Number(values.runs)
const say = (line: string): void => console.error(line)
const round = (value: number, digits = 0): number => Number(value.toFixed(digits))

const profileFolder = fileURLToPath(new URL('../.tributary/bench/normalizer/', import.meta.url))
const installation = await openInstallation(say)
const { addresses, prefix } = installation
const tuning = JSON.parse(values.tuning) as object
const argument = { kafka: addresses.kafka, registry: addresses.registry, prefix, tuning }

interface Result {
  /** Records per second from the moment when every process is at work. */
  readonly rate: number
  /** The same with the start of the processes and their sharing of the partitions. */
  readonly wholeRate: number
  readonly cpuPerMillion: number
  readonly sent: number
}

/** Up to the last record committed, all workers together. */
async function measure(workers: readonly Worker[]): Promise<Result> {
  const sum = (field: 'received' | 'sent') => workers.reduce((all, worker) => all + (worker.last()?.[field] ?? 0), 0)
  try {
    await until(() => sum('received') >= records, 600_000)
    const began = Math.min(...workers.map((worker) => worker.first()?.at ?? Number.POSITIVE_INFINITY))
    const ended = Math.max(...workers.map((worker) => worker.reached()?.at ?? 0))
    const cpu = workers.reduce((all, worker) => all + (worker.reached()?.cpu ?? 0) - (worker.first()?.cpu ?? 0), 0)
    const shared = Math.max(...workers.map((worker) => worker.history[0]?.at ?? 0), began)
    const before = workers.reduce(
      (all, { history }) => all + (history.findLast(({ at }) => at <= shared)?.received ?? 0),
      0,
    )
    const single = workers.length === 1
    return {
      rate: single ? records / ((ended - began) / 1000) : (records - before) / ((ended - shared) / 1000),
      wholeRate: records / ((ended - began) / 1000),
      cpuPerMillion: (cpu / records) * 1e6,
      sent: sum('sent'),
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()))
  }
}

async function runNormalizer(processes: number, nodeOptions: readonly string[] = []): Promise<Result> {
  const flags = [...nodeOptions, ...values.flags.split(' ').filter((flag) => flag !== '')]
  await installation.empty('unified.vendor', NORMALIZER_STATE)
  const workers = Array.from({ length: processes }, () => startWorker('normalizer-process.ts', argument, flags))
  return measure(workers)
}

async function runStock(share: number): Promise<Result> {
  await installation.empty('unified.vendor', NORMALIZER_STATE)
  const names = { topic: `${prefix}backfill.vendor`, output: `${prefix}unified.vendor` }
  return measure([startWorker('stock-copy.ts', { brokers: addresses.kafka.split(','), ...names, share })])
}

try {
  say(`loading ${records} changes of ${keys} vendors …`)
  const payloadBytes = await installation.load(records, keys)
  const ours: Result[] = []
  const stock: Result[] = []
  for (let run = 1; run <= runs; run++) {
    const own = await runNormalizer(1)
    ours.push(own)
    say(`run ${run}: normalizer ${round(own.rate)}/s, ${round(own.cpuPerMillion, 1)} CPU s per million`)
    if (values['no-baseline']) continue
    const share = own.sent / records
    const copied = await runStock(share).catch((error: unknown) => {
      say(`run ${run}: stock kafkajs failed and is run again: ${String(error)}`)
      return runStock(share)
    })
    stock.push(copied)
    say(`run ${run}: stock kafkajs ${round(copied.rate)}/s, ${round(copied.cpuPerMillion, 1)} CPU s per million`)
  }
  const two: Result[] = []
  if (!values['no-two']) {
    for (let run = 1; run <= runs; run++) {
      two.push(await runNormalizer(2))
      say(
        `run ${run}: two processes ${round(two.at(-1)?.rate ?? 0)}/s together (with their start ${round(two.at(-1)?.wholeRate ?? 0)}/s)`,
      )
    }
  }
  let profile: ReturnType<typeof summariseProfile> | null = null
  if (!values['no-profile']) {
    rmSync(profileFolder, { recursive: true, force: true })
    mkdirSync(profileFolder, { recursive: true })
    await runNormalizer(1, ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`])
    profile = summariseProfile(profileFolder)
    writeFileSync(`${profileFolder}summary.json`, JSON.stringify(profile, null, 2))
    for (const { module, share } of profile.modules) say(`${(share * 100).toFixed(1).padStart(5)} %  ${module}`)
  }
  const rate = median(ours.map((result) => result.rate))
  const stockRate = stock.length === 0 ? null : median(stock.map((result) => result.rate))
  const twoRate = two.length === 0 ? null : median(two.map((result) => result.rate))
  console.log(
    JSON.stringify({
      name: 'normalizer',
      ratio: stockRate === null ? null : round(rate / stockRate, 3),
      two_process_ratio: twoRate === null ? null : round(twoRate / rate, 3),
      records,
      keys,
      payload_bytes: round(payloadBytes),
      published: ours[0]?.sent,
      records_per_second: ours.map((result) => round(result.rate)),
      cpu_seconds_per_million: ours.map((result) => round(result.cpuPerMillion, 2)),
      stock_records_per_second: stock.map((result) => round(result.rate)),
      stock_cpu_seconds_per_million: stock.map((result) => round(result.cpuPerMillion, 2)),
      two_processes_records_per_second: two.map((result) => round(result.rate)),
      two_processes_with_start_records_per_second: two.map((result) => round(result.wholeRate)),
      two_processes_cpu_seconds_per_million: two.map((result) => round(result.cpuPerMillion, 2)),
      profile_file: profile === null ? null : '.tributary/bench/normalizer/summary.json',
      profile: profile?.modules.slice(0, 12),
    }),
  )
} finally {
  await installation.close()
}
