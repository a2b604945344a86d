/** `node connectors/sap-s4hana/sandbox/main.ts --help` */
import { parseArgs } from 'node:util'
import { startSandbox } from './index.ts'
import { DEFAULT_CLIENT, DEFAULT_USER } from './users.ts'

const HELP = `Starts an SAP S/4HANA sandbox (OData V2).

  --port <n>          default 8480
  --host <address>    default 127.0.0.1
  --orders <n>        purchase orders; everything else in proportion; default 2000
  --seed <n>          default 1
  --activity <every>  people at work: something changes every 500ms, 5s, 1m; default off
  --database <file>   keep the data in a file; default in memory
  --time-zone <zone>  of the system's date and time columns; default UTC`

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8480' },
    host: { type: 'string', default: '127.0.0.1' },
    orders: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    activity: { type: 'string' },
    database: { type: 'string' },
    'time-zone': { type: 'string', default: 'UTC' },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) {
  console.log(HELP)
  process.exit(0)
}

const sandbox = await startSandbox({
  port: wholeNumber('port', values.port),
  host: values.host,
  size: wholeNumber('orders', values.orders),
  seed: wholeNumber('seed', values.seed),
  timeZone: values['time-zone'],
  ...(values.database === undefined ? {} : { database: values.database }),
  ...(values.activity === undefined ? {} : { activityEveryMs: milliseconds(values.activity) }),
})

console.log(`SAP S/4HANA sandbox: ${sandbox.origin}/sap/opu/odata/sap/API_PURCHASEORDER_PROCESS_SRV/
user ${DEFAULT_USER.name}, password ${DEFAULT_USER.password}, client 100
OAuth client ${DEFAULT_CLIENT.id}, secret ${DEFAULT_CLIENT.secret}, token at ${sandbox.origin}/sap/bc/sec/oauth2/token`)

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
