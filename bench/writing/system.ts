/**
 * A system that takes writes, for `bench/writer.ts`, in a process of its own: every answer takes the same time, and it
 * keeps the times of every command. Argument: SystemSpec.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Call, SystemReport, SystemSpec } from './system-process.ts'

const { latencyMs, slow } = JSON.parse(process.argv[2] ?? '{}') as SystemSpec
const at = () => performance.timeOrigin + performance.now()

interface Stored {
  revision: number
  command: string
}
const records = new Map<string, Stored>()
let calls = new Map<string, { first: number; last: number; busy: number }>()
let created = 0
let busy = 0
let most = 0

const server = createServer((request, response) => {
  const arrived = at()
  most = Math.max(most, ++busy)
  const [, connection = '', entity = '', given] = (request.url ?? '').split('/')
  const writes = request.method !== 'GET'
  const key = given ?? `n${++created}`
  const name = `${connection}/${entity}/${key}`
  let record = records.get(name)
  if (record === undefined) records.set(name, (record = { revision: 0, command: '' }))
  if (writes) {
    record.revision++
    record.command = String(request.headers['x-command'])
  }
  const stored = record
  request.resume()
  setTimeout(
    () => {
      const body = JSON.stringify({ key, ...stored })
      response.writeHead(writes && given === undefined ? 201 : 200, { 'content-type': 'application/json' }).end(body)
      busy--
      const answered = at()
      const call = calls.get(stored.command) ?? { first: arrived, last: answered, busy: 0 }
      calls.set(stored.command, { ...call, last: answered, busy: call.busy + answered - arrived })
    },
    slow?.connection === connection ? slow.ms : latencyMs,
  )
})
// connections of the writer live as long as it wants
server.keepAliveTimeout = 60_000
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

process.on('message', () => {
  const report: SystemReport = {
    calls: [...calls].map(([command, { first, last, busy: ms }]): Call => [command, first, last, ms]),
    mostAtOnce: most,
  }
  calls = new Map()
  most = 0
  process.send?.(report)
})
process.on('disconnect', () => process.exit(0))
process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
