import type { Addresses } from './addresses.ts'
import { PROJECT_DIR } from './paths.ts'
import { freePort } from './ports.ts'
import { CONFLUENT_API, requireCompatibility } from './registry.ts'
import { tryRun } from './run.ts'

/** True when a Docker engine answers at once and `docker compose` is there. */
export async function dockerAnswers(env: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  if (env['TRIBUTARY_STACK'] === 'local') return false
  const [engine, compose] = await Promise.all([
    tryRun('docker', ['info', '--format', '{{.ServerVersion}}'], { timeoutMs: 3000 }),
    tryRun('docker', ['compose', 'version', '--short'], { timeoutMs: 3000 }),
  ])
  return engine !== null && engine.trim() !== '' && compose !== null
}

export interface DockerStack {
  readonly addresses: Addresses
  stop(): Promise<void>
}

/**
 * Starts docker-compose.yml on free ports. testcontainers watches this process: the containers end with it, also
 * after SIGKILL. Their volumes go with them; whoever wants to keep data uses `docker compose up` and the environment.
 */
export async function startDocker(say: (line: string) => void): Promise<DockerStack> {
  const { DockerComposeEnvironment, Wait } = await import('testcontainers')
  say('starting docker-compose.yml (the first time: fetches images and plugins) …')
  const port = {
    kafka: await freePort(),
    registry: await freePort(),
    connect: await freePort(),
    postgres: await freePort(),
  }
  const environment = await new DockerComposeEnvironment(PROJECT_DIR, 'docker-compose.yml')
    .withProjectName(`tributary-${process.pid}`)
    .withEnvironment({
      TRIBUTARY_KAFKA_PORT: String(port.kafka),
      TRIBUTARY_REGISTRY_PORT: String(port.registry),
      TRIBUTARY_CONNECT_PORT: String(port.connect),
      TRIBUTARY_POSTGRES_PORT: String(port.postgres),
    })
    .withDefaultWaitStrategy(Wait.forHealthCheck())
    .withStartupTimeout(600_000)
    .up()
  const addresses = {
    kafka: `127.0.0.1:${port.kafka}`,
    registry: `http://127.0.0.1:${port.registry}${CONFLUENT_API}`,
    connect: `http://127.0.0.1:${port.connect}`,
    postgres: `postgresql://tributary:tributary@127.0.0.1:${port.postgres}/tributary`,
    fromConnect: {
      registry: `http://registry:8080${CONFLUENT_API}`,
      postgres: 'postgresql://tributary:tributary@postgres:5432/tributary',
    },
  }
  await requireCompatibility(addresses.registry)
  return {
    addresses,
    async stop() {
      await environment.down({ removeVolumes: true })
    },
  }
}
