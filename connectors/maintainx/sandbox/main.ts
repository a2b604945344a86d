/** `node connectors/maintainx/sandbox/main.ts --help` */
import { parseArgs } from 'node:util'
import { startSandbox } from './index.ts'

const HELP = `Starts a MaintainX sandbox (REST API and webhooks).

  --port <n>            default 8493
  --host <address>      default 127.0.0.1
  --orders <n>          work orders; everything else in proportion; default 500
  --seed <n>            default 1
  --activity <every>    people at work: something changes every 500ms, 5s, 1m; default off
  --database <file>     keep the data in a file; default in memory
  --token <text>        key of the API; default mx-sandbox-key
  --organizations <n>   plants; default 1
  --rate-limit <n>      requests of a user in 60 seconds, 0 = no limit; default 100`

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8493' },
    host: { type: 'string', default: '127.0.0.1' },
    orders: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    activity: { type: 'string' },
    database: { type: 'string' },
    token: { type: 'string', default: 'mx-sandbox-key' },
    organizations: { type: 'string', default: '1' },
    'rate-limit': { type: 'string', default: '100' },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) {
  console.log(HELP)
  process.exit(0)
}

const rateLimit = wholeNumber('rate-limit', values['rate-limit'])
const sandbox = await startSandbox({
  port: wholeNumber('port', values.port),
  host: values.host,
  size: wholeNumber('orders', values.orders),
  seed: wholeNumber('seed', values.seed),
  token: values.token,
  organizations: wholeNumber('organizations', values.organizations),
  switches: { rateLimit, organizationRateLimit: rateLimit * 5 },
  ...(values.database === undefined ? {} : { database: values.database }),
  ...(values.activity === undefined ? {} : { activityEveryMs: milliseconds(values.activity) }),
})

console.log(`MaintainX sandbox: ${sandbox.url}
key ${sandbox.token}, organizations ${sandbox.organizationIds.join(', ')}`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void sandbox.close().then(() => process.exit(0))
  })
}

function wholeNumber(option: string, text: string): number {
  if (!/^\d+$/.test(text)) stop(`--${option}: a whole number is needed, not '${text}'`)
  return Number(text)
}

function milliseconds(text: string): number {
  const match = /^(\d+)(ms|s|m)$/.exec(text)
  if (match === null) return stop(`--activity: a time like 500ms, 5s or 1m is needed, not '${text}'`)
  return Number(match[1]) * { ms: 1, s: 1000, m: 60_000 }[match[2] as 'ms' | 's' | 'm']
}

function stop(problem: string): never {
  console.error(problem)
  process.exit(78)
}
