import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { PROJECT_DIR } from '../stack/paths.ts'
import { choosePorts } from '../stack/ports.ts'
import { launch, untilReady } from '../stack/processes.ts'
import type { Place } from './system.ts'

export interface SandboxProcess {
  /** `http://127.0.0.1:<port>`; the same at the next start, when the port is free. */
  readonly origin: string
  readonly logFile: string
  stop(): Promise<void>
}

/**
 * A connector's sandbox as a process of its own, `connectors/<system>/sandbox/main.ts`, with its data in a file of the
 * folder. It ends when this process ends.
 * @param options of the sandbox, beyond `--port` and `--database`
 * @param path of an address that answers once it is ready
 */
export async function startSandboxProcess(
  system: string,
  { dir, filled }: Pick<Place, 'dir' | 'filled'>,
  options: readonly string[],
  path: string,
): Promise<SandboxProcess> {
  mkdirSync(dir, { recursive: true })
  const database = join(dir, 'sandbox.sqlite')
  // What an interrupted filling left behind is not the demo's data.
  if (!filled) for (const suffix of ['', '-wal', '-shm']) rmSync(`${database}${suffix}`, { force: true })
  const { sandbox: port } = await choosePorts(join(dir, 'ports.json'), ['sandbox'])
  const origin = `http://127.0.0.1:${port}`
  const main = join(PROJECT_DIR, 'connectors', system, 'sandbox', 'main.ts')
  const process_ = launch({
    name: `${system} sandbox`,
    command: process.execPath,
    args: [main, '--port', String(port), '--database', database, ...options],
    logFile: join(dir, 'sandbox.log'),
  })
  await untilReady(process_, () => answers(`${origin}${path}`), 120_000)
  return { origin, logFile: process_.logFile, stop: () => process_.stop() }
}

/** Any answer will do: it listens only when its data are there. */
const answers = async (url: string): Promise<boolean> =>
  (await fetch(url, { signal: AbortSignal.timeout(2000) }).catch(() => null)) !== null
