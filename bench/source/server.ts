import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'

/**
 * A system with an HTTP API, for benches and tests: `GET /records?after=<n>&limit=<n>&since=<ms>` answers a JSON page
 * of 1.2 kB records, ordered by number; `next` is the number to go on after, null at the end. `/first/<n>/records`
 * behaves as if there were only that many.
 */
export interface PageSource {
  readonly url: string
  /** Query strings asked, in order. */
  readonly requests: string[]
  /** Changes record `n` (0-based), stamped now. */
  touch(n: number): void
  /** Answers with this status instead of a page while set. */
  refuse: { readonly status: number; readonly headers?: Record<string, string> } | null
  /** Milliseconds before an answer. */
  latencyMs: number
  close(): Promise<void>
}

export interface SourceRecord {
  readonly id: string
  readonly modified: number
  readonly [field: string]: unknown
}

/** Records that nobody touched were modified a day before the source began. */
const DAY_MS = 86_400_000

export async function createPageSource(options: {
  readonly records: number
  readonly latencyMs: number
}): Promise<PageSource> {
  const began = Date.now() - DAY_MS
  const touched = new Map<number, { readonly at: number; readonly times: number }>()
  const cache = new Map<string, Buffer>()
  const requests: string[] = []

  function page(count: number, after: number, limit: number, since: number): Buffer {
    const numbers: number[] = []
    let last = after
    let more = false
    if (since > began) {
      const wanted = [...touched].filter(([n, { at }]) => n >= after && at >= since).map(([n]) => n)
      wanted.sort((a, b) => a - b)
      numbers.push(...wanted.slice(0, limit))
      more = wanted.length > limit
      last = (numbers.at(-1) ?? after) + 1
    } else {
      for (let n = after; n < Math.min(count, after + limit); n++) numbers.push(n)
      last = after + numbers.length
      more = last < count
    }
    const records = numbers.map((n) => recordOf(n, touched.get(n), began))
    const body = {
      records,
      next: more ? last : null,
      after: last,
      total: since > began ? touched.size : count,
    }
    return Buffer.from(JSON.stringify(body))
  }

  const source: PageSource = {
    url: '',
    requests,
    refuse: null,
    latencyMs: options.latencyMs,
    touch(n) {
      cache.clear()
      touched.set(n, { at: Date.now(), times: (touched.get(n)?.times ?? 0) + 1 })
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }

  const server = createServer((request, response) => {
    const { pathname, search, searchParams } = new URL(request.url ?? '/', 'http://source')
    const count = Math.min(options.records, Number(/^\/first\/(\d+)\//.exec(pathname)?.[1] ?? options.records))
    requests.push(search)
    setTimeout(() => {
      if (source.refuse !== null) return response.writeHead(source.refuse.status, source.refuse.headers).end()
      const numberOf = (name: string) => Number(searchParams.get(name) ?? 0)
      let body = cache.get(pathname + search)
      if (body === undefined) {
        body = page(count, numberOf('after'), numberOf('limit'), numberOf('since'))
        // pages of a snapshot are asked again and again by benches: what the source costs must not be measured
        if (numberOf('since') <= began) cache.set(pathname + search, body)
      }
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body)
    }, source.latencyMs)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(source, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
}

function recordOf(
  n: number,
  touch: { readonly at: number; readonly times: number } | undefined,
  began: number,
): SourceRecord {
  const id = String(n + 1)
  return {
    id,
    modified: touch?.at ?? began,
    name: `Supplier ${id}${touch === undefined ? '' : ` (changed ${touch.times})`}`,
    code: `V${id.padStart(7, '0')}`,
    active: n % 17 !== 0,
    tax_number: `DE${String(100_000_000 + n)}`,
    addresses: [0, 1].map((i) => ({
      street: `${1 + ((n * 7 + i) % 240)} Industrial Estate Road`,
      postal_code: String(10_000 + (n % 80_000)),
      city: ['Hamburg', 'Lyon', 'Porto', 'Leeds', 'Gdynia'][(n + i) % 5],
      country: ['DE', 'FR', 'PT', 'GB', 'PL'][(n + i) % 5],
      kind: i === 0 ? 'delivery' : 'invoice',
    })),
    contacts: ['phone', 'email', 'website'].map((type) => ({ type, value: `${type}.${id}@supplier-${id}.example` })),
    payment_term: { id: n % 9, name: `${10 * (1 + (n % 9))} days net`, discount: (n % 4) / 2 },
    notes: `Account opened by purchasing; reviewed yearly. ${'Delivers on pallets, calls ahead. '.repeat(8)}`,
  }
}

// as a process of its own: `node bench/source/server.ts <records> <latency ms>` tells its address to the parent
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [records, latencyMs] = process.argv.slice(2).map(Number)
  const source = await createPageSource({ records: records ?? 0, latencyMs: latencyMs ?? 0 })
  process.send?.(source.url)
  process.on('disconnect', () => process.exit(0))
}
