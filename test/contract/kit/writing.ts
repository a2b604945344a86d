import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import {
  type AnyConnector,
  type CommandResult,
  type Connection,
  createManualClock,
  RetryableError,
  unifiedId,
  type WritableEntity,
  type WriteOperationName,
} from '../../../core/index.ts'
import { createWriterDriver } from '../../unit/services/writer/driver.ts'
import type { Harness } from './harness.ts'
import { must } from './rules.ts'
import { type Answer, createWire, type Wire } from './wire.ts'

export type Operation = NonNullable<AnyConnector['operations']>[number]
export type OperationName = `${WriteOperationName} ${WritableEntity}`

export const nameOf = ({ operation, entity }: Pick<Operation, 'operation' | 'entity'>): OperationName =>
  `${operation} ${entity}`

/** What the kit must know of a system to try writing to it. */
export interface WriteSide {
  /** Settings that work, with the defaults that writes need. */
  readonly config: { readonly [field: string]: unknown }
  /** How a request looks on the wire that changes something. */
  isWrite(request: { readonly method: string; readonly url: string; readonly body: string }): boolean
  readonly worlds: { readonly [operation in OperationName]?: WriteWorld }
}

/** A command without its envelope. References are of the connection of the harness's `mapping`. */
export interface WriteCommand {
  /** Native key, parts joined by "|"; absent for CREATE. */
  readonly target?: string
  readonly payload: { readonly [field: string]: unknown } | null
  /** How often its effect is in the system, asked without the connector. */
  times(): Promise<number>
}

/** How to play with one operation. */
export interface WriteWorld {
  /** A command that the system takes; each call gives another one, for a change with a record of its own. */
  make(): Promise<WriteCommand>
  /** A change of the record that `command` is about, which replaces every other such change. Needed for UPDATE. */
  next?(command: WriteCommand): WriteCommand
  /** The system takes no two records of equal content, so that two such commands cannot be told from one sent twice. */
  readonly isUnique?: boolean
  /** A command that the system itself refuses, and what must be told. */
  refused(): Promise<WriteCommand & Refusal>
}

export interface Refusal {
  /** Unified path; null = the whole record. */
  readonly field: string | null
  /** In the system's own words. */
  readonly words: RegExp
  /** For refusals that a stand-in has no reason for: the system's answer to the command's requests that change something. */
  readonly answer?: (request: { readonly url: string; readonly body: string }) => Partial<Answer> | null
}

/** The connector in the hands of the writer: topics in memory, a clock that stands still, a wire that can be cut. */
export interface Writing {
  readonly wire: Wire
  readonly driver: ReturnType<typeof createWriterDriver>
  /** Sends it as this command; returns the id. */
  readonly send: (command: WriteCommand, id?: string) => Promise<string>
  /** Waits for its final result. */
  readonly ended: (id: string) => Promise<CommandResult>
  readonly until: (what: string, condition: () => boolean) => Promise<void>
  /** What is read after a write has been read: no request is under way, and none comes by itself. */
  readonly quiet: () => Promise<void>
  readonly isWrite: WriteSide['isWrite']
  /** Requests that change something, since the nth request. */
  readonly writesSince: (from: number) => number
}

/** Longer than settling time, looks and pauses between attempts. */
const PATIENCE_MS = 30 * 60_000
const STEP_MS = 250

export async function writing(
  harness: Harness,
  operation: Pick<Operation, 'entity' | 'operation'>,
  work: (writing: Writing) => Promise<void>,
): Promise<void> {
  const { connector, writes, mapping } = harness
  must(writes !== undefined, 'the harness cannot play with writes')
  const parsed = connector.config.parse(writes.config)
  must(parsed.ok, `the harness's settings for writing are refused: ${JSON.stringify(parsed)}`)
  const { connectionId } = mapping
  const clock = createManualClock(Math.floor(performance.timeOrigin + performance.now()))
  const wire = createWire()
  const driver = createWriterDriver({ clock, real: { connector, http: wire } })
  let sent = 0

  /** Time goes on only while nothing is under way: the system answers in real time. */
  async function until(what: string, condition: () => boolean): Promise<void> {
    const end = clock.now() + PATIENCE_MS
    for (;;) {
      for (let turn = 0; turn < 5; turn++) await setImmediate()
      if (condition()) return
      if (wire.open() > 0) await sleep(1)
      else {
        must(clock.now() < end, `waited in vain until ${what}`)
        await clock.advance(STEP_MS)
      }
    }
  }

  try {
    await driver.start()
    await driver.connect({
      id: connectionId,
      system: connector.id,
      settings: parsed.value as unknown as Connection['settings'],
    })
    await work({
      wire,
      driver,
      until,
      quiet() {
        const end = clock.now() + 4 * STEP_MS
        return until('all is quiet', () => clock.now() >= end)
      },
      async send({ target, payload }, id = `kit-${process.pid}-${clock.now()}-${++sent}-${unique()}`) {
        return driver.send(operation.entity, {
          command_id: id,
          connection_id: connectionId,
          operation: operation.operation,
          target_id: target === undefined ? null : unifiedId(connectionId, operation.entity, target.split('|')),
          payload,
        })
      },
      async ended(id) {
        await until(
          `${id} is finished; ${JSON.stringify(driver.outcomes(id))}`,
          () => driver.result(id)?.is_final === true,
        )
        return driver.result(id) as CommandResult
      },
      isWrite: (request) => writes.isWrite(request),
      writesSince: (from) => wire.requests.slice(from).filter((request) => writes.isWrite(request)).length,
    })
  } finally {
    wire.before = null
    wire.after = null
    await driver.crash()
  }
}

const unique = () => Math.random().toString(36).slice(2, 10)

export function writeWorldOf({ writes }: Harness, operation: Operation): WriteWorld {
  const world = writes?.worlds[nameOf(operation)]
  must(world !== undefined, `the harness cannot play with ${nameOf(operation)}`)
  return world
}

/** What the outbound client throws when the connection is cut under it. */
export const connectionCut = () =>
  new RetryableError('requesting: socket hang up', {
    cause: Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }),
  })
