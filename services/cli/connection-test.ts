import type { Command } from 'commander'
import { connectorOf } from '../../connectors/index.ts'
import {
  type AnyConnector,
  CONNECTION_DEFAULTS,
  type Connection,
  createHttpClient,
  createMetrics,
  describeError,
  Failure,
  openSettings,
} from '../../core/index.ts'
import { readDeclaration } from './connection.ts'
import { readConnection } from './connection-table.ts'
import { type Installation, withInstallation } from './installation.ts'
import { CommandError, duration, print, printJson, UsageError } from './output.ts'

const GIVE_UP_MS = 60_000

export interface TestResult {
  readonly connection: string
  readonly ok: boolean
  /** The system's clock minus ours, ms; half the question's time is uncertain. */
  readonly skewMs: number | null
  readonly streams: readonly string[]
  readonly error: string | null
  readonly kind: string | null
}

/** Opens a session as sync does, asks the system's time, and ends the session. Never throws. */
export async function testConnection(
  connection: Connection,
  connector: AnyConnector | undefined,
  { env, log, box }: Pick<Installation, 'env' | 'log' | 'box'>,
): Promise<TestResult> {
  const about = { connection: connection.id, streams: Object.keys(connector?.streams ?? {}) }
  const { id: connectionId, system, limits } = connection
  const metrics = createMetrics()
  const { allowPrivateHosts } = env
  const http = createHttpClient({ connectionId, system, limits, log, metrics, allowPrivateHosts, attempts: 2 })
  const signal = AbortSignal.timeout(GIVE_UP_MS)
  try {
    if (connector === undefined) throw new CommandError(`this version has no connector for ${system}`)
    const session: unknown = await connector.connect(openSettings(connection, connector.config, box), http, signal)
    try {
      const asked = Date.now()
      const time = await connector.clock(session, signal)
      const skewMs = Math.round(time - (asked + Date.now()) / 2)
      return { ...about, ok: true, skewMs, error: null, kind: null }
    } finally {
      await connector.disconnect?.(session)
    }
  } catch (error) {
    const kind = error instanceof Failure ? error.kind : null
    const text = signal.aborted ? `no answer within ${duration(GIVE_UP_MS)}` : describeError(error)
    return { ...about, ok: false, skewMs: null, error: text, kind }
  } finally {
    await http.close()
  }
}

async function test(id: string | undefined, options: { file?: string; json?: boolean }): Promise<void> {
  if (id === undefined && options.file === undefined) throw new UsageError('name a connection, or a file with -f')
  await withInstallation(async (installation) => {
    const results: TestResult[] = []
    for (const connection of await chosen(installation, id, options.file))
      results.push(await testConnection(connection, connectorOf(connection.system), installation))
    if (options.json === true) printJson(results)
    else for (const result of results) print(lineOf(result))
    const failed = results.filter(({ ok }) => !ok)
    if (failed.length > 0) throw new CommandError(`${failed.length} of ${results.length} did not work`)
  })
}

async function chosen({ kafka }: Installation, id: string | undefined, file: string | undefined) {
  if (file === undefined) return [await readConnection(kafka, id ?? '')]
  const declared = readDeclaration(file).filter((each) => each.id === (id ?? each.id))
  if (declared.length === 0) throw new CommandError(`${file} declares no connection ${id ?? ''}`)
  const { status, statusReason } = CONNECTION_DEFAULTS
  return declared.map((each): Connection => ({ ...each, status, statusReason, updatedAt: 0 }))
}

const lineOf = ({ connection, ok, skewMs, streams, error, kind }: TestResult): string =>
  ok
    ? `${connection}: works; clock ${skewMs === 0 ? 'as ours' : `${Math.abs(skewMs ?? 0)} ms ${(skewMs ?? 0) > 0 ? 'ahead' : 'behind'}`}; streams ${streams.join(', ')}`
    : `${connection}: ${kind === null ? '' : `${kind}: `}${error ?? ''}`

export function addTestCommand(connection: Command): void {
  connection
    .command('test [id]')
    .description('opens a session for real; changes nothing')
    .option('-f, --file <path>', 'tries what a file declares, before it is applied')
    .option('--json')
    .action(test)
}
