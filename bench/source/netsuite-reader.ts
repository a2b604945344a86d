import {
  type AnyConnector,
  createHttpClient,
  createMetrics,
  type HttpRequest,
  type JsonObject,
  silentLogger,
} from '../../core/index.ts'

/** The statements with which a snapshot reads purchase orders, as the connector writes them, and how it is logged in. */
export interface Statements {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Of the first page of headers, and of those behind an id. */
  readonly first: Statement
  readonly next: Statement
  readonly lines: Statement
}

interface Statement {
  readonly q: string
  readonly params: readonly string[]
}

/** Lets the connector read two pages and listens. */
export async function statementsOf(connector: AnyConnector, settings: JsonObject): Promise<Statements> {
  const parsed = connector.config.parse(settings)
  const stream = connector.streams.purchase_order
  if (!parsed.ok || stream === undefined) throw new Error('the settings are no good')
  const about = {
    connectionId: 'listening',
    system: connector.id,
    limits: { concurrency: 1, requestsPerSecond: null },
    log: silentLogger,
    metrics: createMetrics(),
    allowPrivateHosts: true,
  }
  const http = createHttpClient(about)
  const heard: HttpRequest[] = []
  const listening = {
    ...http,
    request(request: HttpRequest) {
      heard.push(request)
      return http.request(request)
    },
  }
  const { signal } = new AbortController()
  const session: unknown = await connector.connect(parsed.value, listening, signal)
  const range = { mode: 'snapshot', since: null, until: Date.now(), cursor: null, pageSize: PAGE } as const
  let pages = 0
  for await (const _page of stream.read(session, range, signal)) if (++pages === 2) break
  await http.close()

  const asked = heard
    .filter(({ url }) => url.includes('/suiteql?'))
    .map(({ body }): Statement => ({ params: [], ...(JSON.parse(String(body)) as { q: string }) }))
  // the last of each kind: before, the connector learns which columns the account does not have
  const headers = asked.filter(({ q }) => q.includes('FROM transaction t'))
  const first = headers.findLast(({ params }) => params.length === 0)
  const next = headers.findLast(({ params }) => params.length === 1)
  const lines = asked.findLast(({ q }) => q.includes('FROM transactionline l'))
  const request = heard.findLast(({ url }) => url.includes(`/suiteql?limit=${PAGE}&`))
  if (request === undefined || first === undefined || next === undefined || lines === undefined)
    throw new Error(`the connector has asked for something else: ${asked.map(({ q }) => q).join('\n')}`)
  return { url: request.url, headers: { ...request.headers }, first, next, lines }
}

const PAGE = 1000
const GROUP = 200

interface Answer {
  readonly items: readonly { readonly id: string }[]
}

/** Every page of headers, then the lines of its orders by 200, so many requests at once; parsed and dropped. @returns ms */
export async function readBare(statements: Statements, atOnce: number, records: number): Promise<number> {
  const { url, headers, first, next } = statements
  const ask = async (statement: Statement): Promise<Answer> => {
    const response = await fetch(url, { method: 'POST', headers: { ...headers }, body: JSON.stringify(statement) })
    if (!response.ok) throw new Error(`HTTP ${response.status}: ${await response.text()}`)
    return (await response.json()) as Answer
  }
  const began = performance.now()
  let seen = 0
  for (let after: string | null = null; ; ) {
    const { items } = await ask(after === null ? first : { ...next, params: [after] })
    const ids = items.map(({ id }) => id)
    const groups = Array.from({ length: Math.ceil(ids.length / GROUP) }, (_, at) =>
      ids.slice(at * GROUP, (at + 1) * GROUP),
    ).values()
    const worker = async () => {
      for (const group of groups) await ask(linesOf(statements.lines, group))
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
    seen += ids.length
    after = ids.at(-1) ?? after
    if (ids.length < PAGE) break
  }
  if (seen !== records) throw new Error(`the reader saw ${seen} of ${records} orders`)
  return performance.now() - began
}

const linesOf = ({ q }: Statement, ids: readonly string[]): Statement => ({
  q: q.replace(/IN \([?, ]+\)/, `IN (${ids.map(() => '?').join(', ')})`),
  params: ids,
})
