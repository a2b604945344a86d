import { type DestinationStream, destination, type Logger, pino, stdTimeFunctions } from 'pino'
import { describeError } from './errors.ts'
import { scrub } from './redact.ts'

export type { Logger } from 'pino'

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

const CREDENTIAL_FIELDS = ['authorization', 'cookie', 'set-cookie', 'password', 'secret', 'token', 'session'].flatMap(
  (name) => [name, name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase())],
)

/**
 * A pino logger that writes JSON lines: time, level, service, message, and what the call adds.
 * Values of fields named like credentials, and every secret known to `hideSecret`, are replaced.
 * `err` becomes one line with its causes; the stack is added at debug level only.
 */
export function createLogger(options: {
  readonly service: string
  readonly level?: LogLevel
  readonly destination?: DestinationStream
}): Logger {
  const level = options.level ?? 'info'
  const showStack = level === 'debug' || level === 'trace'
  const describe = (error: unknown) => ({
    message: describeError(error),
    ...(error instanceof Error ? { type: error.name } : {}),
    ...(error !== null && typeof error === 'object' && 'kind' in error ? { kind: error.kind } : {}),
    ...(showStack && error instanceof Error ? { stack: error.stack } : {}),
  })
  const settings = {
    level,
    base: { service: options.service },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describe, error: describe },
    redact: {
      paths: CREDENTIAL_FIELDS.flatMap((field) => [`["${field}"]`, `*["${field}"]`, `*.*["${field}"]`]),
      censor: '[hidden]',
    },
    hooks: { streamWrite: scrub },
  }
  // Synchronous: lines stay in order, and the last one is out before the process is.
  return pino(settings, options.destination ?? destination({ dest: 1, sync: true }))
}

/** A logger that says nothing, for tests and tools. */
export const silentLogger: Logger = pino({ level: 'silent' })
