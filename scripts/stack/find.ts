import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { type Addresses, type OptionalPart, PARTS } from './addresses.ts'
import { dockerAnswers, startDocker } from './docker.ts'
import { givenAddresses } from './environment.ts'
import { StackError } from './errors.ts'
import { type LocalOptions, startLocal } from './local.ts'
import { STATE_DIR } from './paths.ts'
import type { Server } from './server.ts'
import {
  forgetStack,
  identify,
  lockHolder,
  runningStack,
  takeLock,
  untilLeftoversEnd,
  writeStackFile,
} from './state.ts'

export interface FindOptions {
  /** Default true; false = PostgreSQL without fsync (tests). */
  readonly durable?: boolean
  /** Default false; true = start without the data of earlier runs. */
  readonly fresh?: boolean
  /** Parts beyond Kafka, registry, Connect and PostgreSQL. Default none. */
  readonly with?: readonly OptionalPart[]
  /** One line of progress. */
  readonly say?: (line: string) => void
  /** Folder under the state folder that holds the data. Default `stack`. */
  readonly data?: string
}

export interface Stack {
  readonly addresses: Addresses
  /** What this call started on this machine, for `status`. */
  readonly servers: readonly Server[]
  /** Ends what this call started; leaves alone what it found. */
  stop(): Promise<void>
}

/**
 * Finds the stack, or starts it, in this order: addresses in the environment · a stack of this project that is
 * running · Docker · this machine's Java and PostgreSQL. A part that a found stack lacks is started beside it.
 * What is started ends with this process.
 * @throws StackError saying what to install or give
 */
export async function findStack(options: FindOptions = {}): Promise<Stack> {
  const given = givenAddresses()
  const say = options.say ?? (() => {})
  const local: LocalOptions = {
    dir: join(STATE_DIR, options.data ?? 'stack'),
    durable: options.durable ?? true,
    fresh: options.fresh ?? false,
    with: options.with ?? [],
    given,
    say,
  }
  if (Object.keys(given).length > 0) return completeGiven(local)
  while (!takeLock(STATE_DIR)) {
    const running = runningStack(STATE_DIR)
    if (running !== null) return completeGiven({ ...local, given: running })
    await untilStartedByOther(say)
  }
  try {
    await untilLeftoversEnd(STATE_DIR)
    const stack = (await dockerAnswers()) ? await onDocker(local) : await startLocal(local)
    writeStackFile(STATE_DIR, {
      ...stack.addresses,
      owner: identify(process.pid),
      servers: Object.fromEntries(stack.servers.map((server) => [server.name, identify(server.pid())])),
      logs: Object.fromEntries(stack.servers.map((server) => [server.name, server.logFile])),
    })
    const stop = async (): Promise<void> => {
      await stack.stop()
      forgetStack(STATE_DIR)
    }
    return { ...stack, stop }
  } catch (error) {
    forgetStack(STATE_DIR)
    throw error
  }
}

/** What is not given is started beside it, on data of its own that goes away with it. */
async function completeGiven(options: LocalOptions): Promise<Stack> {
  const { given } = options
  if ([...PARTS, ...options.with].every((part) => given[part] !== undefined)) {
    return { addresses: given as Addresses, servers: [], stop: async () => {} }
  }
  mkdirSync(STATE_DIR, { recursive: true })
  const dir = mkdtempSync(join(STATE_DIR, 'beside-given-'))
  chmodSync(dir, 0o755)
  // Not the group of a worker that is on that broker already; the same each time, so that topics don't pile up there.
  const place = createHash('sha256').update(`${hostname()} ${STATE_DIR}`).digest('hex').slice(0, 8)
  const stack = await startLocal({ ...options, dir, connectGroup: `tributary-connect-${place}` })
  const stop = async (): Promise<void> => {
    await stack.stop()
    rmSync(dir, { recursive: true, force: true })
  }
  return { ...stack, stop }
}

/** Docker has no Tryton of the tested version; this machine's, when installed, works on Docker's PostgreSQL. */
async function onDocker(options: LocalOptions): Promise<Stack> {
  const docker = await startDocker(options.say)
  try {
    const rest = await startLocal({ ...options, given: docker.addresses, fresh: false })
    const stop = async (): Promise<void> => {
      await rest.stop()
      await docker.stop()
    }
    return { ...rest, stop }
  } catch (error) {
    await docker.stop()
    throw error
  }
}

async function untilStartedByOther(say: (line: string) => void): Promise<void> {
  say('another process is starting the stack: waiting for it …')
  const deadline = Date.now() + 600_000
  while (lockHolder(STATE_DIR) !== null && runningStack(STATE_DIR) === null) {
    if (Date.now() > deadline) throw new StackError('another process has been starting the stack for 10 minutes')
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
