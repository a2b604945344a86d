import type { Clock } from './clock.ts'
import type { AnyConnector } from './connector.ts'
import type { Connection } from './control.ts'
import type { HttpClient } from './http/client.ts'

/** The connection's record cannot be used as it is; only a new one helps. */
export class SettingsError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'SettingsError'
  }
}

export interface Session {
  readonly connector: AnyConnector
  /** What `connect` gave. */
  readonly value: unknown
  /** The system's own time, asked now, epoch ms. */
  askTime(signal: AbortSignal): Promise<number>
  /** The system's own time from what was asked lately: costs no request. */
  estimateTime(signal: AbortSignal): Promise<number>
}

/** One session a connection, opened when first needed, shared by its streams. */
export interface Sessions {
  /**
   * The connection's session; callers at the same time share one attempt and its error.
   * @throws SettingsError, or what the connector's `connect` throws
   */
  open(connection: Connection): Promise<Session>
  /** Ends the session, so that the next `open` connects anew (changed settings, refused credentials). */
  close(connectionId: string): Promise<void>
  closeAll(): Promise<void>
}

export interface SessionOptions {
  readonly clock: Clock
  /** Undefined = this version has no such connector. */
  readonly connectorOf: (system: string) => AnyConnector | undefined
  /** The connector's settings with their secrets. @throws Error naming what is wrong */
  readonly settingsOf: (connection: Connection, connector: AnyConnector) => unknown
  /** Fairness: resolves when this connection may call its system; the returned function ends the turn. */
  readonly turn: (connection: Connection, signal: AbortSignal) => Promise<() => void>
  readonly httpFor: (connection: Connection) => { readonly http: HttpClient; readonly close: () => Promise<void> }
}

const TIME_IS_FRESH_MS = 5 * 60_000

interface Entry {
  readonly abort: AbortController
  readonly session: Promise<Session>
  readonly end: () => Promise<void>
}

export function createSessions(options: SessionOptions): Sessions {
  const entries = new Map<string, Entry>()

  function start(connection: Connection): Entry {
    const abort = new AbortController()
    const connector = options.connectorOf(connection.system)
    if (connector === undefined) throw new SettingsError(`this version has no connector for ${connection.system}`)
    let config: unknown
    try {
      config = options.settingsOf(connection, connector)
    } catch (error) {
      throw new SettingsError(`settings of connection ${connection.id}`, error)
    }
    const { http, close } = options.httpFor(connection)
    const value = options.turn(connection, abort.signal).then((release) =>
      // in a promise chain, so that a connector that throws at once rejects as well
      Promise.resolve()
        .then((): Promise<unknown> => connector.connect(config, http, abort.signal))
        .finally(release),
    )
    return {
      abort,
      session: value.then((opened) => sessionOf(connector, opened, options.clock)),
      async end() {
        const opened = await value.catch(() => null)
        if (opened !== null) await connector.disconnect?.(opened)
        await close()
      },
    }
  }

  async function close(connectionId: string): Promise<void> {
    const entry = entries.get(connectionId)
    if (entry === undefined) return
    entries.delete(connectionId)
    entry.abort.abort(new Error('the session is closed'))
    await entry.end().catch(() => {})
  }

  return {
    async open(connection) {
      let entry = entries.get(connection.id)
      if (entry === undefined) {
        entry = start(connection)
        entries.set(connection.id, entry)
      }
      try {
        return await entry.session
      } catch (error) {
        if (entries.get(connection.id) === entry) await close(connection.id)
        throw error
      }
    },
    close,
    async closeAll() {
      await Promise.all([...entries.keys()].map(close))
    },
  }
}

function sessionOf(connector: AnyConnector, value: unknown, clock: Clock): Session {
  let known: { readonly askedAt: number; readonly ahead: number } | null = null
  const askTime = async (signal: AbortSignal) => {
    const time = await connector.clock(value, signal)
    known = { askedAt: clock.now(), ahead: time - clock.now() }
    return time
  }
  return {
    connector,
    value,
    askTime,
    estimateTime: async (signal) =>
      known !== null && clock.now() - known.askedAt < TIME_IS_FRESH_MS ? clock.now() + known.ahead : askTime(signal),
  }
}
