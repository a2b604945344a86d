import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { StackError } from './errors.ts'
import { tryRun } from './run.ts'
import { MINIMUM_JAVA } from './versions.ts'

/** "openjdk version "17.0.15" …" or "1.8.0_412" → 17, 8; null when it is not a Java version text. */
export function majorVersion(text: string): number | null {
  const found = /version "(\d+)(?:\.(\d+))?/.exec(text)
  if (found?.[1] === undefined) return null
  return found[1] === '1' && found[2] !== undefined ? Number(found[2]) : Number(found[1])
}

/** The `java` to use: JAVA_HOME's, else the PATH's. */
export function javaCommand(env: NodeJS.ProcessEnv = process.env): string {
  const home = env['JAVA_HOME']
  const own = home === undefined || home === '' ? null : join(home, 'bin', 'java')
  return own !== null && existsSync(own) ? own : 'java'
}

/** @throws StackError saying what to install when there is no Java 17 or newer */
export async function requireJava(): Promise<string> {
  const command = javaCommand()
  // `java -version` writes to stderr; the flag with two dashes writes to stdout but is unknown to Java 8.
  const text = await tryRun('/bin/sh', ['-c', '"$0" -version 2>&1', command], { timeoutMs: 20_000 })
  const major = text === null ? null : majorVersion(text)
  if (major !== null && major >= MINIMUM_JAVA) return command
  throw new StackError(
    `Java ${MINIMUM_JAVA} or newer is needed (${major === null ? 'none found' : `found ${major}`}); ` +
      'on Debian or Ubuntu: apt-get install openjdk-17-jre-headless',
  )
}

/** Runs a class of the Kafka jars with a small heap: what broker, format tool and Connect have in common. */
export function javaArgs(options: {
  readonly heapMb: number
  readonly classpath: string
  readonly flags?: readonly string[]
  readonly main: string
  readonly args: readonly string[]
}): string[] {
  return [
    `-Xmx${options.heapMb}m`,
    '-XX:+ExitOnOutOfMemoryError',
    '-Djava.awt.headless=true',
    ...(options.flags ?? []),
    '-cp',
    join(options.classpath, '*'),
    options.main,
    ...options.args,
  ]
}
