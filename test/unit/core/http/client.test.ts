import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createManualClock } from '../../../../core/clock.ts'
import { describeError, type Failure } from '../../../../core/errors.ts'
import { createHttpClient, type HttpClientOptions, retryAfterMs } from '../../../../core/http/client.ts'
import { createLogger, silentLogger } from '../../../../core/log.ts'
import { createMetrics } from '../../../../core/metrics.ts'
import { hideSecret } from '../../../../core/redact.ts'
import { type Answer, httpSource, reply } from '../../../support/http-source.ts'

function clientFor(options: Partial<HttpClientOptions> = {}) {
  const metrics = createMetrics()
  const client = createHttpClient({
    connectionId: 'erp',
    system: 'test',
    limits: { concurrency: 4, requestsPerSecond: null },
    log: silentLogger,
    metrics,
    allowPrivateHosts: true,
    backoffBaseMs: 1,
    ...options,
  })
  onTestFinished(() => client.close())
  return { client, metrics }
}

const failureOf = (outcome: Promise<unknown>): Promise<Failure> =>
  outcome.then(
    () => expect.unreachable('it did not fail'),
    (error: unknown) => error as Failure,
  )

const never: Answer = () => {}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  const address = server.address()
  await new Promise((done) => server.close(done))
  return typeof address === 'object' && address !== null ? address.port : 0
}

test('a GET that meets 500 is repeated until it succeeds', async () => {
  await using source = await httpSource([reply(500), reply(502), reply(200, '{"a":1}', { 'x-request-id': 'theirs' })])
  const { client, metrics } = clientFor()
  const answer = await client.request({ method: 'GET', url: source.url })
  expect([answer.status, answer.json(), answer.requestId]).toEqual([200, { a: 1 }, 'theirs'])
  const counts = (await metrics.httpRequests.get()).values.map(({ labels, value }) => [labels.outcome, value])
  expect(Object.fromEntries(counts)).toEqual({ '5xx': 2, '2xx': 1 })
})

test('the last failure is told with its status, request id and a plain excerpt of the page', async () => {
  const page = '<html><body><h1>Proxy</h1> error</body></html>'
  await using source = await httpSource([reply(502, page, { 'x-correlation-id': 'c-7' })])
  const { client } = clientFor({ attempts: 3 })
  const failure = await failureOf(client.request({ method: 'GET', url: `${source.url}/x` }))
  expect(failure).toMatchObject({ kind: 'retryable', status: 502, requestId: 'c-7' })
  expect(failure.message).toBe(`GET ${source.url}/x: HTTP 502: Proxy error`)
  expect(source.received).toHaveLength(3)
})

test('a POST is sent once, unless it may be repeated', async () => {
  await using once = await httpSource([reply(500), reply(200)])
  const { client } = clientFor()
  const failure = await failureOf(client.request({ method: 'POST', url: once.url, body: 'x' }))
  expect(failure.kind).toBe('retryable')
  expect(once.received).toEqual(['x'])
  await using twice = await httpSource([reply(500), reply(200)])
  expect((await client.request({ method: 'POST', url: twice.url, body: 'x', retry: true })).status).toBe(200)
  expect(twice.received).toEqual(['x', 'x'])
})

test('4xx answers and redirects are the caller’s', async () => {
  await using source = await httpSource([reply(404), reply(302, '', { location: 'http://169.254.169.254/' })])
  const { client } = clientFor()
  expect((await client.request({ method: 'GET', url: source.url })).status).toBe(404)
  expect((await client.request({ method: 'GET', url: source.url })).status).toBe(302)
  expect(source.received).toHaveLength(2)
})

test.each([
  ['seconds on 429', 429, () => '3'],
  ['seconds on 503', 503, () => '3'],
  ['a date', 429, (now: number) => new Date(now + 3000).toUTCString()],
] as const)('Retry-After as %s: no call before, by nobody, and no attempt used', async (_name, status, header) => {
  const clock = createManualClock()
  await using source = await httpSource([
    (request, response) => reply(status, '', { 'retry-after': header(clock.now()) })(request, response),
    reply(200),
  ])
  const { client, metrics } = clientFor({ clock, attempts: 1 })
  const first = client.request({ method: 'GET', url: source.url })
  await source.arrived(1)
  await vi.waitFor(() => expect(clock.pending()).toBe(1))
  const other = client.request({ method: 'POST', url: source.url })
  await clock.advance(2999)
  expect(source.received).toHaveLength(1)
  await clock.advance(400)
  expect([(await first).status, (await other).status]).toEqual([200, 200])
  expect(clock.pending()).toBe(0)
  expect((await metrics.rateLimited.get()).values).toMatchObject([{ labels: { connection: 'erp' }, value: 1 }])
  expect((await metrics.httpConcurrency.get()).values[0]?.value).toBe(2)
})

test('a system that asks for more than the longest wait fails at once, for later calls too', async () => {
  const clock = createManualClock()
  await using source = await httpSource([reply(429, '', { 'retry-after': '86400' })])
  const { client } = clientFor({ clock })
  for (let i = 0; i < 2; i++) {
    const failure = await failureOf(client.request({ method: 'GET', url: source.url }))
    expect(failure).toMatchObject({ kind: 'rate-limited', retryAfterMs: 86_400_000 })
  }
  expect(source.received).toHaveLength(1)
  expect(clock.pending()).toBe(0)
})

test.each([
  [undefined, 0],
  ['7', 7000],
  [' 0.5 ', 500],
  ['soon', 0],
  [new Date(10_000).toUTCString(), 6000],
  [new Date(1000).toUTCString(), 0],
])('Retry-After %j is a wait of %i ms', (value, wait) => {
  expect(retryAfterMs(value, 4000)).toBe(wait)
})

test('the concurrency cap holds under load, and every call gets its answer', async () => {
  // Answers come in threes: only a client that uses its whole allowance gets on.
  const held: ServerResponse[] = []
  const together: Answer = (_request, response) => {
    if (held.push(response) === 3) for (const each of held.splice(0)) each.end('ok')
  }
  await using source = await httpSource([together])
  const { client } = clientFor({ limits: { concurrency: 3, requestsPerSecond: null } })
  const answers = await Promise.all(
    Array.from({ length: 201 }, (_, i) =>
      client.request({ method: 'GET', url: source.url, lane: i % 2 === 0 ? 'live' : 'backfill' }),
    ),
  )
  expect(answers.every(({ status }) => status === 200)).toBe(true)
  expect(source.peak()).toBe(3)
  expect(source.openSockets()).toBeLessThanOrEqual(3)
})

test('aborting ends a request under way, frees its place and leaves no socket', async () => {
  const clock = createManualClock()
  await using source = await httpSource([never, reply(200)])
  const { client } = clientFor({ clock, limits: { concurrency: 1, requestsPerSecond: null } })
  const stop = new AbortController()
  const outcome = failureOf(client.request({ method: 'GET', url: source.url, signal: stop.signal }))
  await source.arrived(1)
  const began = performance.now()
  stop.abort(new Error('stopping'))
  expect((await outcome).message).toBe('stopping')
  expect(performance.now() - began).toBeLessThan(1000)
  await vi.waitFor(() => expect(source.openSockets()).toBe(0))
  expect((await client.request({ method: 'GET', url: source.url })).status).toBe(200)
  await client.close()
  await vi.waitFor(() => expect(source.openSockets()).toBe(0))
  expect(clock.pending()).toBe(0)
})

test('aborting ends a wait between tries', async () => {
  const clock = createManualClock()
  await using source = await httpSource([reply(500)])
  const { client } = clientFor({ clock, backoffBaseMs: 60_000 })
  const stop = new AbortController()
  const outcome = failureOf(client.request({ method: 'GET', url: source.url, signal: stop.signal }))
  await vi.waitFor(() => expect(clock.pending()).toBe(1))
  stop.abort(new Error('stopping'))
  expect((await outcome).message).toBe('stopping')
  expect(clock.pending()).toBe(0)
})

test('an answer that does not come in time says so', async () => {
  await using source = await httpSource([never])
  const { client, metrics } = clientFor()
  const failure = await failureOf(client.request({ method: 'POST', url: source.url, timeoutMs: 50 }))
  expect(failure.kind).toBe('retryable')
  expect(failure.message).toBe(`POST ${source.url}/: no answer in time`)
  expect((await metrics.httpRequests.get()).values).toMatchObject([{ labels: { outcome: 'timeout' }, value: 1 }])
})

test('a connection that breaks in the middle of an answer is repeated', async () => {
  await using source = await httpSource([
    (_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"half":')
      setImmediate(() => response.destroy())
    },
    reply(200, '{"half":false}'),
  ])
  const { client } = clientFor()
  expect((await client.request({ method: 'GET', url: source.url })).json()).toEqual({ half: false })
})

test('an answer that is too large says what to lower', async () => {
  await using source = await httpSource([reply(200, 'x'.repeat(5000))])
  const { client } = clientFor({ maxResponseBytes: 1000, attempts: 1 })
  const failure = await failureOf(client.request({ method: 'GET', url: source.url }))
  expect(failure.message).toMatch(/larger than allowed; lower the page size/)
})

test('an unknown host and a closed port say what to check', async () => {
  const { client } = clientFor({ attempts: 1 })
  const unknown = await failureOf(client.request({ method: 'GET', url: 'http://something.invalid/' }))
  expect(unknown).toMatchObject({ kind: 'retryable' })
  expect(unknown.message).toMatch(/check the (network or the )?address/)
  const closed = await failureOf(client.request({ method: 'GET', url: `http://127.0.0.1:${await freePort()}/` }))
  expect(closed.message).toMatch(/nothing listens there; check the address and port.*ECONNREFUSED/)
})

test('a self-signed certificate is refused and the message names the way out', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-tls-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1']
      .concat(['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'])
      .concat(['-keyout', key, '-out', cert]),
    { stdio: 'ignore' },
  )
  await using source = await httpSource([reply(200)], (listener) =>
    createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, listener),
  )
  const { client } = clientFor({ attempts: 1 })
  const failure = await failureOf(client.request({ method: 'GET', url: source.url.replace('http:', 'https:') }))
  expect(failure.message).toMatch(/self-signed certificate; give its authority with NODE_EXTRA_CA_CERTS/)
  expect(source.received).toHaveLength(0)
})

test('private addresses are refused, written as numbers or behind a name, before a byte is sent', async () => {
  await using source = await httpSource([reply(200)])
  const { client } = clientFor({ allowPrivateHosts: false })
  for (const url of [
    source.url,
    source.url.replace('127.0.0.1', 'localhost'),
    source.url.replace('127.0.0.1', '[::1]'),
  ]) {
    const failure = await failureOf(client.request({ method: 'GET', url }))
    expect(failure.kind).toBe('rejected')
    expect(failure.message).toMatch(/private address .*TRIBUTARY_ALLOW_PRIVATE_HOSTS=true/)
  }
  expect(source.openSockets() + source.received.length).toBe(0)
})

test('what is no JSON is retryable and named', async () => {
  await using source = await httpSource([reply(200, '\n<html>Log in</html>'), reply(200, '{"a":[1,2'), reply(200)])
  const { client } = clientFor()
  for (const what of ['an HTML page', 'truncated or no JSON', 'truncated or no JSON']) {
    const answer = await client.request({ method: 'GET', url: source.url })
    const failure = await failureOf(Promise.resolve().then(() => answer.json()))
    expect(failure).toMatchObject({ kind: 'retryable', status: 200 })
    expect(failure.message).toContain(`expected JSON, got ${what}`)
  }
})

test('no secret appears in errors or logs, not even when the system repeats the request on its error page', async () => {
  onTestFinished(hideSecret('geheim-4711'))
  const authorization = `Basic ${Buffer.from('anna:geheim-4711').toString('base64')}`
  const echo: Answer = (request, response) => {
    const told = `${request.headers.authorization} ${request.url} pw=geheim-4711`
    response.writeHead(request.method === 'GET' ? 500 : 200).end(`${'-'.repeat(20)} ${told}`)
  }
  await using source = await httpSource([echo])
  const lines: string[] = []
  const log = createLogger({ service: 'x', level: 'trace', destination: { write: (line) => void lines.push(line) } })
  const { client } = clientFor({ log, attempts: 3 })
  const url = `${source.url.replace('//', '//anna:geheim-4711@')}/a?token=t0p-s3cret&p=geheim-4711`
  const failure = await failureOf(client.request({ method: 'GET', url, headers: { authorization } }))
  const answer = await client.request({ method: 'POST', url, headers: { authorization } })
  const unparsable = await failureOf(Promise.resolve().then(() => answer.json()))
  log.error({ err: failure, headers: { authorization } }, describeError(failure))
  const told = [describeError(failure), describeError(unparsable), ...lines].join('\n')
  expect(told).toContain('HTTP 500')
  expect(told).toContain('[hidden]')
  expect(told).not.toMatch(/geheim|4711|t0p/)
  expect(told).not.toContain(authorization.slice(6))
})
