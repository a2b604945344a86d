import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { StackError } from './errors.ts'
import { cacheDir, isWritable, STATE_DIR } from './paths.ts'
import { run, tryRun } from './run.ts'
import { VERSIONS } from './versions.ts'
import { serviceJar } from './service-jar.ts'

/** An unpacked download: made once by `build` in a temporary folder, then kept under a name that tells its content. */
export interface Artifact {
  readonly name: string
  /** Whatever decides the content; a change means a new download. */
  readonly recipe: string
  build(dir: string): Promise<void>
}

export const artifactDir = (artifact: Artifact, cache: string = cacheDir()): string =>
  join(cache, `${artifact.name}-${createHash('sha256').update(artifact.recipe).digest('hex').slice(0, 12)}`)

/**
 * The folder of an artifact, made first when it is not there. It appears by a rename: an interrupted download
 * leaves no folder that looks whole, and of two processes that fetch at once one wins.
 */
export async function fetchArtifact(
  artifact: Artifact,
  cache: string = cacheDir(),
  say: (line: string) => void = () => {},
): Promise<string> {
  const dir = artifactDir(artifact, cache)
  if (existsSync(dir)) return dir
  say(`fetching ${artifact.name} (once) …`)
  const unfinished = `${dir}.unfinished-${process.pid}`
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { recursive: true })
  try {
    await artifact.build(unfinished)
    if (readdirSync(unfinished).length === 0)
      throw new StackError(`fetching ${artifact.name} brought no files; repeat the command`)
    renameSync(unfinished, dir)
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    if (!existsSync(dir)) throw error
  }
  return dir
}

const pom = (name: string): string => join(import.meta.dirname, 'maven', `${name}.xml`)

/** @throws StackError saying what to install */
export async function requireMaven(): Promise<string> {
  const version = await tryRun('mvn', ['--version'], { timeoutMs: 60_000 })
  if (version !== null) return version
  throw new StackError('Maven (`mvn`) is needed to fetch Kafka; on Debian or Ubuntu: apt-get install maven')
}

/** @throws StackError with what Maven said */
async function maven(goal: string, args: readonly string[]): Promise<void> {
  const repository = join(userInfo().homedir, '.m2', 'repository')
  const place = isWritable(repository) ? [] : [`-Dmaven.repo.local=${join(STATE_DIR, 'm2')}`]
  const plugin = `org.apache.maven.plugins:maven-dependency-plugin:${VERSIONS.mavenDependencyPlugin}:${goal}`
  // A new folder without a pom.xml: `unpack` needs no project, must not pick up a stranger's, and leaves markers in
  // `target/` by which it would skip the same archive another time.
  const cwd = mkdtempSync(join(tmpdir(), 'tributary-maven-'))
  try {
    await run('mvn', ['--batch-mode', '--quiet', '--no-transfer-progress', plugin, ...place, ...args], { cwd })
  } catch (error) {
    throw new StackError(
      'fetching from Maven Central: check the network and ~/.m2/settings.xml (proxy, mirror), then repeat the command',
      error instanceof Error ? error.message : String(error),
    )
  } finally {
    rmSync(cwd, { recursive: true, force: true })
  }
}

const jarsOf = (pomName: string, dir: string): Promise<void> =>
  maven('copy-dependencies', ['-f', pom(pomName), '-DincludeScope=runtime', `-DoutputDirectory=${dir}`])

/** `dir` is emptied of nothing: the archive is unpacked into it. */
const unpack = (coordinates: string, dir: string): Promise<void> =>
  maven('unpack', [`-Dartifact=${coordinates}`, `-DoutputDirectory=${dir}`])

export const KAFKA: Artifact = {
  name: `kafka-${VERSIONS.kafka}`,
  recipe: readFileSync(pom('kafka'), 'utf8'),
  build: (dir) => jarsOf('kafka', dir),
}

const registryArchive = `io.apicurio:apicurio-registry-app:${VERSIONS.apicurio}:tar.gz:all`
export const REGISTRY: Artifact = {
  name: `registry-${VERSIONS.apicurio}`,
  recipe: registryArchive,
  build: (dir) => unpack(registryArchive, dir),
}

const AVRO_CONVERTER = 'io.apicurio.registry.utils.converter.AvroConverter'
const sinkArchive = `io.debezium:debezium-connector-jdbc:${VERSIONS.debezium}:tar.gz:plugin`
/** `plugin.path` of Connect: one folder per plugin. */
export const CONNECT_PLUGINS: Artifact = {
  name: `connect-plugins-${VERSIONS.debezium}`,
  recipe: `${sinkArchive}\n${readFileSync(pom('converter'), 'utf8')}`,
  async build(dir) {
    const converter = join(dir, 'apicurio-converter')
    await jarsOf('converter', converter)
    // Connect finds plugins without scanning every class (`service_load`) only by this manifest, which is not shipped.
    writeFileSync(
      join(converter, 'converter-manifest.jar'),
      serviceJar('org.apache.kafka.connect.storage.Converter', AVRO_CONVERTER),
    )
    await unpack(sinkArchive, dir)
  },
}
