import type { IssueCode } from '../../schemas/generated/commands.ts'
import { RetryableError } from '../errors.ts'

/** These bytes are no record of ours, and never will be: dead letter. */
export class MalformedRecordError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'MalformedRecordError'
  }
}

/** The record was written with a schema that this process has not seen yet: `await codec.learn(error)`, then retry. */
export class UnknownSchemaIdError extends Error {
  readonly schemaId: number

  constructor(schemaId: number) {
    super(`schema ${schemaId} has not been fetched from the registry yet`)
    this.name = 'UnknownSchemaIdError'
    this.schemaId = schemaId
  }
}

/** The record does not fit its schema; `problems` names every field that is wrong. */
export class InvalidRecordError extends Error {
  readonly problems: readonly string[]

  constructor(record: string, problems: readonly string[]) {
    super(`${record} does not fit its schema: ${problems.join('; ')}`)
    this.name = 'InvalidRecordError'
    this.problems = problems
  }
}

/** These bytes say that they are a command, but this process must not act on them. */
export class RefusedCommandError extends Error {
  readonly code: Extract<IssueCode, 'SCHEMA_TOO_NEW' | 'INVALID_COMMAND'>
  /** SCHEMA_TOO_NEW: what the client knows and we do not. INVALID_COMMAND: what is wrong; each begins with the path. */
  readonly problems: readonly string[]
  /** Whose result says so; null where the command does not tell. */
  readonly commandId: string | null
  readonly connectionId: string | null

  /** @param command as much of it as could be read */
  constructor(code: RefusedCommandError['code'], record: string, problems: readonly string[], command: unknown) {
    super(
      code === 'SCHEMA_TOO_NEW'
        ? `written with a newer schema of ${record} than this version knows: ${problems.join(', ')}`
        : `no ${record}: ${problems.join('; ')}`,
    )
    this.name = 'RefusedCommandError'
    this.code = code
    this.problems = problems
    this.commandId = textIn(command, 'command_id')
    this.connectionId = textIn(command, 'connection_id')
  }
}

function textIn(record: unknown, field: string): string | null {
  const value = typeof record === 'object' && record !== null ? (record as { [field: string]: unknown })[field] : null
  return typeof value === 'string' ? value : null
}

/** The registry could not be asked: nothing is wrong with the record. */
export class RegistryUnavailableError extends RetryableError {}

/** The registry refuses a schema of ours; an operator has to act. */
export class SchemaRefusedError extends Error {
  readonly subject: string

  constructor(subject: string, reason: string, remedy: string, options?: ErrorOptions) {
    super(`the schema registry refuses the schema of ${subject}: ${reason}. ${remedy}`, options)
    this.name = 'SchemaRefusedError'
    this.subject = subject
  }
}
