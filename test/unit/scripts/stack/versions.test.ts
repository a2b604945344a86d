import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { describeEnvironment } from '../../../../core/index.ts'
import { workerProperties } from '../../../../scripts/stack/connect.ts'
import { brokerSettings } from '../../../../scripts/stack/kafka.ts'
import { PROJECT_DIR } from '../../../../scripts/stack/paths.ts'
import { VERSIONS } from '../../../../scripts/stack/versions.ts'

interface Service {
  readonly image: string
  readonly environment: Readonly<Record<string, string | number>>
  readonly ports: readonly string[]
  readonly volumes?: readonly string[]
  readonly profiles?: readonly string[]
  readonly command?: readonly string[]
  readonly healthcheck: { readonly test: readonly string[] }
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>
  readonly volumes: Readonly<Record<string, unknown>>
}

const text = (path: string): string => readFileSync(join(PROJECT_DIR, path), 'utf8')
const compose = parse(text('docker-compose.yml')) as Compose
const VERSIONS_OF_PACKAGES = (
  JSON.parse(text('package.json')) as { readonly devDependencies: { readonly node: string } }
).devDependencies
const service = (name: string): Service => {
  const found = compose.services[name]
  if (found === undefined) throw new Error(`docker-compose.yml has no service ${name}`)
  return found
}

describe('docker-compose.yml', () => {
  test('names the versions that the local stack is tested with', () => {
    expect(service('kafka').image).toBe(`apache/kafka:${VERSIONS.kafka}`)
    expect(service('registry').image).toBe(`apicurio/apicurio-registry-sql:${VERSIONS.apicurio}`)
    expect(service('postgres').image).toBe(`postgres:${VERSIONS.postgres}`)
    expect(service('connect').image).toBe(`maven:${VERSIONS.mavenImage}`)
    expect(service('connect').environment['DEBEZIUM_VERSION']).toBe(VERSIONS.debezium)
  })

  test('gives the broker the settings of the local one', () => {
    const local = brokerSettings({ java: '', jars: '', dir: '', port: 0, controllerPort: 0 })
    const places = /listener|quorum|log\.dirs/
    const environment = service('kafka').environment
    for (const [name, value] of Object.entries(local)) {
      if (places.test(name)) continue
      const variable = `KAFKA_${name.toUpperCase().replaceAll('.', '_')}`
      expect([variable, String(environment[variable])]).toEqual([variable, value])
    }
  })

  test('starts the receiver of webhooks for who asks, with the address and port that its settings name', () => {
    const { profiles, command, environment, ports, image } = service('webhook')
    expect(profiles).toEqual(['webhook'])
    expect(command?.map((part) => part.endsWith('.ts') && existsSync(join(PROJECT_DIR, part)))).toEqual([false, true])
    expect(`${VERSIONS_OF_PACKAGES.node}.`).toMatch(new RegExp(`^${image.replace('node:', '')}\\.`))
    const known = describeEnvironment().map(({ field }) => field)
    expect(Object.keys(environment).filter((name) => !known.includes(name))).toEqual([])
    expect(ports[0]?.endsWith(`:${environment['TRIBUTARY_WEBHOOK_PORT']}`)).toBe(true)
    const others = Object.entries(compose.services).filter(([name]) => name !== 'webhook')
    expect(others.flatMap(([, each]) => each.profiles ?? [])).toEqual([])
  })

  test('listens on this machine only, on ports that can be chosen', () => {
    for (const [name, { ports }] of Object.entries(compose.services)) {
      expect(ports).toEqual([expect.stringMatching(/^127\.0\.0\.1:\$\{TRIBUTARY_\w+_PORT:-\d+\}:\d+$/)])
      expect(ports[0]).toContain(`TRIBUTARY_${name.toUpperCase()}_PORT`)
    }
  })

  test('tells when each part is ready, and starts those after what they need', () => {
    for (const { healthcheck, depends_on } of Object.values(compose.services)) {
      expect(healthcheck.test[0]).toBe('CMD')
      for (const [name, { condition }] of Object.entries(depends_on ?? {})) {
        expect(compose.services).toHaveProperty(name)
        expect(condition).toBe('service_healthy')
      }
    }
  })

  test('mounts only volumes and files that are there', () => {
    const mounts = Object.values(compose.services).flatMap(({ volumes }) => volumes ?? [])
    const there = (source: string): boolean =>
      source.startsWith('./') ? existsSync(join(PROJECT_DIR, source)) : source in compose.volumes
    expect(mounts.map((mount) => mount.split(':')[0] ?? '').filter((source) => !there(source))).toEqual([])
    expect(mounts.length).toBeGreaterThan(3)
  })

  test('is accepted by docker compose, where that is installed', ({ skip }) => {
    if (spawnSync('docker', ['compose', 'version']).status !== 0) return skip('no docker compose plugin')
    const result = spawnSync(
      'docker',
      ['compose', '-f', join(PROJECT_DIR, 'docker-compose.yml'), 'config', '--quiet'],
      {
        encoding: 'utf8',
      },
    )
    expect(result.stderr).toBe('')
    expect(result.status).toBe(0)
  })
})

describe('the Maven files', () => {
  test('name the same versions', () => {
    expect(text('scripts/stack/maven/kafka.xml')).toContain(`<kafka.version>${VERSIONS.kafka}</kafka.version>`)
    expect(text('scripts/stack/maven/converter.xml')).toContain(`<version>${VERSIONS.apicurio}</version>`)
    expect(text('scripts/stack/connect-container.sh')).toContain(
      `maven-dependency-plugin:${VERSIONS.mavenDependencyPlugin}`,
    )
  })
})

describe('the Connect worker', () => {
  test('has no placeholder left, and the root of the registry', () => {
    const properties = workerProperties('k:9092', 'http://r:8081/apis/ccompat/v7', 'group-1')
    expect(properties.split('\n').filter((line) => !line.startsWith('#') && line.includes('${'))).toEqual([])
    expect(properties).toContain('bootstrap.servers=k:9092')
    expect(properties).toContain('value.converter.apicurio.registry.url=http://r:8081/apis/registry/v2')
    expect(properties).toContain('config.storage.topic=_group-1-configs')
  })
})
