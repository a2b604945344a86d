import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { ConfigurationError, type Environment, readEnvironment } from './config.ts'
import { describeError } from './errors.ts'
import { createLogger, type Logger } from './log.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { SecretError } from './secrets.ts'

export interface ServiceContext {
  readonly env: Environment
  readonly log: Logger
  readonly metrics: Metrics
  /** The service cannot go on: one clear line, then exit code 1. */
  readonly fail: (error: Error) => void
}

export interface RunningService {
  /** Finishes what is under way and lets go; has 20 s. */
  stop(): Promise<void>
  ready(): boolean
  /** What /readyz shows besides. */
  detail?(): unknown
}

export interface ServiceDefinition {
  readonly name: string
  start(context: ServiceContext): Promise<RunningService>
}

const DRAIN_MS = 20_000
/** sysexits.h EX_CONFIG: a restart does not help. */
const EXIT_CONFIGURATION = 78

/**
 * Runs a service as this process: reads the environment, serves /metrics, /healthz (alive) and /readyz (restored and in its
 * group), drains on SIGTERM and SIGINT. Exit codes: 0 drained, 1 cannot go on, 78 the configuration is not usable.
 */
export async function runService(definition: ServiceDefinition): Promise<void> {
  let env: Environment
  try {
    env = readEnvironment()
  } catch (error) {
    console.error(`${definition.name}: ${describeError(error)}`)
    process.exit(error instanceof ConfigurationError ? EXIT_CONFIGURATION : 1)
  }
  const log = createLogger({ service: definition.name, level: env.logLevel })
  const metrics = createMetrics({ service: definition.name, process: true })
  let service: RunningService | null = null
  let stopping = false

  const exit = async (code: number): Promise<void> => {
    await new Promise<void>((resolve) => log.flush(() => resolve()))
    process.exit(code)
  }
  const fail = (error: unknown): void => {
    if (stopping) return log.error({ err: error }, 'while leaving')
    stopping = true
    const configuration = error instanceof ConfigurationError || error instanceof SecretError
    log.fatal({ err: error }, `${definition.name} cannot go on: ${describeError(error)}`)
    void exit(configuration ? EXIT_CONFIGURATION : 1)
  }
  process.on('uncaughtException', fail)
  process.on('unhandledRejection', fail)

  const app = express().disable('x-powered-by')
  app.get('/metrics', async (_request, response) => {
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics())
  })
  app.get('/healthz', (_request, response) => void response.json({ service: definition.name, alive: true }))
  app.get('/readyz', (_request, response) => {
    const ready = !stopping && service !== null && service.ready()
    response.status(ready ? 200 : 503).json({ service: definition.name, ready, detail: service?.detail?.() ?? null })
  })
  const server = app.listen(env.http.port, env.http.host)
  server.on('error', fail)
  await once(server, 'listening')
  log.info({ port: (server.address() as AddressInfo).port }, 'health and metrics')

  const drain = async (signal: string): Promise<void> => {
    if (stopping) return
    stopping = true
    log.info({ signal }, 'draining')
    const late = setTimeout(() => {
      log.error(`not drained within ${DRAIN_MS} ms: leaving what is under way to the next owner`)
      void exit(1)
    }, DRAIN_MS)
    try {
      await service?.stop()
      log.info('drained')
      clearTimeout(late)
      await exit(0)
    } catch (error) {
      log.error({ err: error }, 'draining')
      await exit(1)
    }
  }
  process.on('SIGTERM', () => void drain('SIGTERM'))
  process.on('SIGINT', () => void drain('SIGINT'))

  try {
    service = await definition.start({ env, log, metrics, fail })
  } catch (error) {
    fail(error)
  }
}
