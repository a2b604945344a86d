/**
 * Fills a Tryton database and keeps it alive.
 *
 *   node scripts/tryton/cli.ts seed     [--vendors 1000] [--items 400] [--purchases 300] [--seed 20260]
 *   node scripts/tryton/cli.ts activity [--per-second 1] [--seed 7]           until Ctrl-C
 *
 * Both: --url http://127.0.0.1:8000 --database tryton --user admin --password …; without --url, the running stack's.
 */
import { parseArgs } from 'node:util'
import { STATE_DIR } from '../stack/paths.ts'
import { runningStack } from '../stack/state.ts'
import { createActivity, keepActive } from './activity.ts'
import type { TrytonAddress } from './rpc.ts'
import { DEMO, seedTryton } from './seed.ts'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    url: { type: 'string' },
    database: { type: 'string' },
    user: { type: 'string' },
    password: { type: 'string' },
    seed: { type: 'string' },
    vendors: { type: 'string' },
    items: { type: 'string' },
    purchases: { type: 'string' },
    'per-second': { type: 'string' },
  },
})

const number = (text: string | undefined, otherwise: number): number => {
  const parsed = text === undefined ? otherwise : Number(text)
  if (!Number.isFinite(parsed)) throw new Error(`not a number: ${text}`)
  return parsed
}

function address(): TrytonAddress {
  const { url, database, user, password } = values
  const stack = url === undefined ? (runningStack(STATE_DIR)?.tryton ?? null) : null
  const at = url ?? stack?.url
  if (at === undefined) throw new Error('no running stack with Tryton: start it, or give --url')
  return {
    url: at,
    database: database ?? stack?.database ?? 'tryton',
    user: user ?? stack?.user ?? 'admin',
    password: password ?? stack?.password ?? '',
  }
}

async function main(): Promise<void> {
  const at = address()
  switch (positionals[0]) {
    case 'seed': {
      const sizes = {
        vendors: number(values.vendors, DEMO.vendors),
        items: number(values.items, DEMO.items),
        purchases: number(values.purchases, DEMO.purchases),
        employees: DEMO.employees,
      }
      await seedTryton(at, { ...sizes, seed: number(values.seed, 20_260), onProgress: (line) => console.log(line) })
      return
    }
    case 'activity': {
      const stop = new AbortController()
      process.once('SIGINT', () => stop.abort())
      process.once('SIGTERM', () => stop.abort())
      const activity = await createActivity(at, { seed: number(values.seed, 7) })
      await keepActive(activity, number(values['per-second'], 1), stop.signal, ({ action, change, refused }) => {
        if (refused !== undefined) console.log(`${action}: refused: ${refused}`)
        else if (change !== null) console.log(`${action}: ${change.entity} ${change.key}`)
      })
      return
    }
    default:
      throw new Error('what to do? seed or activity')
  }
}

await main().catch((error: unknown) => {
  console.error((error as Error).message)
  process.exitCode = 1
})
