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
