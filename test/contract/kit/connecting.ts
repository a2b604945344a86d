import { setTimeout as sleep } from 'node:timers/promises'
import { AuthError } from '../../../core/index.ts'
import { type Harness, never, open, readAll, snapshotRange, streamOf } from './harness.ts'
import { must, type Rule, thrownBy, worldOf } from './rules.ts'

const HOUR_MS = 3_600_000

const someStream = (harness: Harness) => {
  const [entity] = Object.keys(harness.worlds)
  return streamOf(harness, entity as never)
}

export const CONNECTING_RULES: readonly Rule[] = [
  {
    id: 'C1',
    statement: 'good credentials connect, bad ones throw AuthError naming what to fix',
    async check(harness) {
      await open(harness)
      for (const { title, config, names } of harness.wrongConfigs) {
        const error = await thrownBy(() => open(harness, config))
        must(error instanceof AuthError, `${title}: ${String(error)} is no AuthError`)
        must(names.test(error.message), `${title}: "${error.message}" does not name ${names}`)
      }
    },
  },
  {
    id: 'C2',
    statement: 'an expired session is renewed once, however many find it dead, and no page is lost',
    async check(harness) {
      const { session, wire } = await open(harness)
      const stream = someStream(harness)
      await worldOf(harness, stream.entity).add(5)
      const until = await harness.systemTime()
      const whole = await readAll(stream, session, snapshotRange(until, 1000))
      await harness.expireSessions()
      const before = wire.requests.length
      const again = await Promise.all(
        Array.from({ length: 5 }, () => readAll(stream, session, snapshotRange(until, 1000))),
      )
      for (const each of again) must(each.length === whole.length, `${each.length} of ${whole.length} records came`)
      const logins = wire.requests.slice(before).filter((request) => harness.isLogin(request)).length
      must(logins === 1, `${logins} logins for one expired session`)
      // in the middle of a read
      const pages: number[] = []
      for await (const page of stream.read(session, snapshotRange(until, 2), never())) {
        pages.push(page.records.length)
        if (pages.length === 1) await harness.expireSessions()
      }
      const sum = pages.reduce((total, each) => total + each, 0)
      must(sum === whole.length, `${sum} of ${whole.length} records came when the session ended between pages`)
    },
  },
  {
    id: 'C3',
    statement: 'new credentials work without a restart, old ones end in AuthError',
    async check(harness) {
      const { session } = await open(harness)
      const config = await harness.rotateSecret()
      try {
        await harness.expireSessions()
        const stream = someStream(harness)
        const range = snapshotRange(await harness.systemTime(), 10)
        const error = await thrownBy(() => readAll(stream, session, range))
        must(error instanceof AuthError, `with the old password: ${String(error)} is no AuthError`)
        const opened = await open(harness, config)
        await readAll(stream, opened.session, range)
      } finally {
        await harness.rotateSecret()
      }
    },
  },
  {
    id: 'C4',
    statement: 'an abort ends a request in flight within a second and leaves nothing open',
    async check(harness) {
      const { session, wire } = await open(harness)
      const abort = new AbortController()
      const asked = Promise.withResolvers<void>()
      wire.before = (request) => {
        asked.resolve()
        // a system that does not answer
        return new Promise((_, reject) =>
          request.signal?.addEventListener('abort', () => reject(request.signal?.reason as Error), { once: true }),
        )
      }
      const pages = someStream(harness).read(session, snapshotRange(Date.now(), 10), abort.signal)
      const reading = thrownBy(async () => {
        for await (const _ of pages);
      })
      await asked.promise
      const at = performance.now()
      abort.abort(new Error('enough'))
      const error = await Promise.race([reading, sleep(2000, 'timed out', { ref: false })])
      must(performance.now() - at < 1000, 'the abort took more than a second')
      must(error instanceof Error, 'an aborted read ended as if it were complete')
      must(wire.open() === 0, 'a request is still open')
    },
  },
  {
    id: 'R6',
    statement: "ranges are in the system's time: our own clock may be wrong by hours",
    async check(harness) {
      const { session } = await open(harness)
      const rightly = Date.now
      for (const wrongMs of [-7 * HOUR_MS, 7 * HOUR_MS]) {
        const before = await harness.systemTime()
        Date.now = () => rightly() + wrongMs
        try {
          const asked = await harness.connector.clock(session, never())
          const after = await harness.systemTime()
          must(asked >= before - 1000 && asked <= after + 1000, `${asked} is not the system's time ${before}`)
        } finally {
          Date.now = rightly
        }
      }
    },
  },
]
