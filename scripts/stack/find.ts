import { join } from 'node:path'
import { type Addresses, PARTS } from './addresses.ts'
import { type Given, givenAddresses } from './environment.ts'
import { StackError } from './errors.ts'
import { startLocal } from './local.ts'
import { STATE_DIR } from './paths.ts'
import { forgetStack, identify, lockHolder, runningStack, takeLock, untilLeftoversEnd, writeStackFile } from './state.ts'

export interface FindOptions {
  readonly durable?: boolean
  readonly fresh?: boolean
  readonly say?: (line: string) => void
  /** Default: `.tributary` of the project. */
  readonly stateDir?: string
}

export interface Stack {
  readonly addresses: Addresses
  /** Ends what this call started; leaves alone what it found. */
  stop(): Promise<void>
}

/**
 * Finds the stack, or starts it, in this order: addresses in the environment · a stack of this project that is
 * running · Docker · this machine's Java and PostgreSQL. What is started ends with this process.
 * @throws StackError saying what to install or give
 */
export async function findStack(options: FindOptions = {}): Promise<Stack> {
  const given = givenAddresses()
  const say = options.say ?? (() => {})
  const stateDir = options.stateDir ?? STATE_DIR
  if (PARTS.every((part) => part === 'tryton' || given[part] !== undefined)) {
    return { addresses: given as Addresses, stop: async () => {} }
  }
  if (Object.keys(given).length > 0) return startParts(given, options, say, stateDir)
  while (true) {
    const running = runningStack(stateDir)
    if (running !== null) return { addresses: running, stop: async () => {} }
    if (takeLock(stateDir)) break
    await untilStartedByOther(stateDir, say)
  }
  try {
    await untilLeftoversEnd(stateDir)
    const local = await startLocal({
      dir: join(stateDir, 'stack'),
      durable: options.durable ?? true,
      fresh: options.fresh ?? false,
      given,
      say,
    })
    writeStackFile(stateDir, {
      ...local.addresses,
      owner: identify(process.pid),
      servers: Object.fromEntries(local.servers.map((server) => [server.name, identify(server.pid())])),
      logs: Object.fromEntries(local.servers.map((server) => [server.name, server.logFile])),
    })
    const stop = async (): Promise<void> => {
      await local.stop()
      forgetStack(stateDir)
    }
    return { addresses: local.addresses, stop }
  } catch (error) {
    forgetStack(stateDir)
    throw error
  }
}

/** Beside what the environment gives: its own folder, so that it can't meet the data of the full stack. */
async function startParts(given: Given, options: FindOptions, say: (line: string) => void, stateDir: string): Promise<Stack> {
  const dir = join(stateDir, `beside-given-${process.pid}`)
  const local = await startLocal({ dir, durable: options.durable ?? true, given, say })
  return { addresses: local.addresses, stop: () => local.stop() }
}

async function untilStartedByOther(stateDir: string, say: (line: string) => void): Promise<void> {
  say('another process is starting the stack: waiting for it …')
  const deadline = Date.now() + 600_000
  while (lockHolder(stateDir) !== null && runningStack(stateDir) === null) {
    if (Date.now() > deadline) throw new StackError('another process has been starting the stack for 10 minutes')
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
