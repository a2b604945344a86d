/** `node connectors/netsuite/sandbox/main.ts --help` */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { DATE_FORMATS, type DateFormat } from './account.ts'
import { startSandbox } from './index.ts'

const HELP = `Starts a NetSuite sandbox (SuiteQL and record services over REST).

  --port <n>            default 8490
  --host <address>      default 127.0.0.1
  --orders <n>          purchase orders; everything else in proportion; default 2000
  --seed <n>            default 1
  --activity <every>    people at work: something changes every 500ms, 5s, 1m; default off
  --database <file>     keep the data in a file; default in memory
  --key-file <file>     the integration's private key (PEM, EC P-256): read when the file is there, else made and
                        written to it; default: a key that lasts as long as the sandbox, printed
  --account <id>        default 1234567
  --time-zone <zone>    of the account; default America/Los_Angeles
  --date-format <form>  of the account: ${Object.keys(DATE_FORMATS).slice(0, 4).join(', ')}…; default M/D/YYYY
  --concurrency <n>     requests the account allows at a time; default 5`

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8490' },
    host: { type: 'string', default: '127.0.0.1' },
    orders: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    activity: { type: 'string' },
    database: { type: 'string' },
    'key-file': { type: 'string' },
    account: { type: 'string', default: '1234567' },
    'time-zone': { type: 'string', default: 'America/Los_Angeles' },
    'date-format': { type: 'string', default: 'M/D/YYYY' },
    concurrency: { type: 'string', default: '5' },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) {
  console.log(HELP)
  process.exit(0)
}

const keyFile = values['key-file']
const keptKey = keyFile !== undefined && existsSync(keyFile) ? readFileSync(keyFile, 'utf8') : undefined
const sandbox = await startSandbox({
  port: wholeNumber('port', values.port),
  host: values.host,
  size: wholeNumber('orders', values.orders),
  seed: wholeNumber('seed', values.seed),
  account: {
    id: values.account,
    timeZone: values['time-zone'],
    dateFormat: dateFormat(values['date-format']),
    concurrencyLimit: wholeNumber('concurrency', values.concurrency),
  },
  ...(keptKey === undefined ? {} : { credentials: { privateKey: keptKey } }),
  ...(values.database === undefined ? {} : { database: values.database }),
  ...(values.activity === undefined ? {} : { activityEveryMs: milliseconds(values.activity) }),
})
const { credentials } = sandbox
if (keyFile !== undefined && keptKey === undefined) writeFileSync(keyFile, credentials.privateKey, { mode: 0o600 })

console.log(`NetSuite sandbox: ${sandbox.origin}/services/rest
account ${sandbox.account.id}
OAuth 2.0: client ${credentials.clientId}, certificate ${credentials.certificateId} (ES256)
  private key ${keyFile ?? `\n${credentials.privateKey.trim()}`}
token: consumer ${credentials.consumerKey} / ${credentials.consumerSecret}
  token ${credentials.tokenId} / ${credentials.tokenSecret}`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void sandbox.close().then(() => process.exit(0))
  })
}

function wholeNumber(option: string, text: string): number {
  if (!/^\d+$/.test(text)) stop(`--${option}: a whole number is needed, not '${text}'`)
  return Number(text)
}

function dateFormat(text: string): DateFormat {
  if (!Object.hasOwn(DATE_FORMATS, text)) {
    stop(`--date-format: one of ${Object.keys(DATE_FORMATS).join(', ')} is needed, not '${text}'`)
  }
  return text as DateFormat
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
