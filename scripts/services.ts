/** Running Tributary's services as child processes: used by `npm start` and by the tests that kill them. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from './stack/ports.ts'

export interface ServiceOptions {
  /** Folder name under services/. */
  readonly name: string
  /** Settings as environment variables (docs/operations.md), in addition to the caller's own. */
  readonly env: Readonly<Record<string, string>>
  /** Called with each line the service writes (JSON log lines). */
  readonly onLine?: (line: string) => void
}

export interface ServiceProcess {
  readonly name: string
  readonly pid: number
  /** Base address of /metrics, /healthz and /readyz. */
  readonly url: string
  /** The last lines it wrote, for error messages. */
  readonly tail: () => string
  /** Resolves with the exit code, or the signal's name. */
  readonly exited: Promise<number | string>
  /** Waits until /readyz answers 200; throws with the service's last words when it ends before. */
  ready(timeoutMs?: number): Promise<void>
  /** SIGTERM, then the drain. */
  stop(): Promise<number | string>
  signal(signal: NodeJS.Signals): void
}

/** Runs a command of the operator's command line to its end. @throws Error with its words when it fails */
export async function runCommand(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  const child = spawn(process.execPath, [main('cli'), ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output: Buffer[] = []
  const errors: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0)
    throw new Error(`tributary ${args.join(' ')}: ${Buffer.concat(errors).toString() || `exit code ${code}`}`)
  return Buffer.concat(output).toString()
}

/** Environment of services and commands on the given parts. */
export function serviceEnvironment(
  parts: { readonly kafka: string; readonly registry: string },
  options: { readonly prefix: string; readonly secretKeys: string; readonly partitions?: number },
): Record<string, string> {
  return {
    TRIBUTARY_KAFKA_BROKERS: parts.kafka,
    TRIBUTARY_REGISTRY_URL: parts.registry,
    TRIBUTARY_TOPIC_PREFIX: options.prefix,
    TRIBUTARY_PARTITIONS: String(options.partitions ?? 12),
    TRIBUTARY_SECRET_KEYS: options.secretKeys,
    TRIBUTARY_ALLOW_PRIVATE_HOSTS: 'true',
    TRIBUTARY_KAFKA_SESSION_TIMEOUT_MS: '6000',
  }
}

const main = (name: string): string => fileURLToPath(new URL(`../services/${name}/main.ts`, import.meta.url))
const KEPT_LINES = 60

/** Starts `services/<name>/main.ts` on this same Node. The child gets SIGTERM when this process exits normally. */
export async function startService(options: ServiceOptions): Promise<ServiceProcess> {
  const port = await freePort()
  const lines: string[] = []
  const child: ChildProcess = spawn(process.execPath, [main(options.name)], {
    env: { ...process.env, TRIBUTARY_HTTP_PORT: String(port), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = new Promise<number | string>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 1))
    child.once('error', () => resolve(1))
  })
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      if (lines.length > KEPT_LINES) lines.shift()
      options.onLine?.(line)
    })
  }
  const onParentExit = () => child.kill('SIGKILL')
  process.once('exit', onParentExit)
  void exited.then(() => process.removeListener('exit', onParentExit))

  const url = `http://127.0.0.1:${port}`
  const tail = () => lines.join('\n')
  return {
    name: options.name,
    pid: child.pid ?? -1,
    url,
    tail,
    exited,
    async ready(timeoutMs = 60_000) {
      const ended = exited.then((code) => {
        throw new Error(`${options.name} ended with ${code} before it was ready:\n${tail()}`)
      })
      await Promise.race([
        ended,
        waitReady(url, timeoutMs, () => `${options.name} was not ready within ${timeoutMs} ms:\n${tail()}`),
      ])
    },
    async stop() {
      child.kill('SIGTERM')
      return await exited
    },
    signal: (signal) => void child.kill(signal),
  }
}

async function waitReady(url: string, timeoutMs: number, complaint: () => string): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (Date.now() < deadline) {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(() => null)
    if (answer?.status === 200) return
    await delay(50)
  }
  throw new Error(complaint())
}
