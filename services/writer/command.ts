import type { EntityCommands, Issue, WritableEntity, WriteOperation, WriteOperationName } from '../../core/index.ts'

/** A command of any entity, as decoded. */
export type Command = EntityCommands[WritableEntity]

// biome-ignore lint/suspicious/noExplicitAny: existential type; a connector checks itself with defineOperation
export type AnyOperation = WriteOperation<any, any>

/** The write record of a command as fields by name: what is done to every field alike. */
export type Fields = { readonly [name: string]: unknown }

export const isLines = (value: unknown): value is readonly Fields[] =>
  Array.isArray(value) && value.every((line) => typeof line === 'object' && line !== null)

const COMMAND_ID = /^[A-Za-z0-9._-]{8,64}$/
export const isCommandId = (text: string): boolean => COMMAND_ID.test(text)

export function issue(code: Issue['code'], message: string, field: string | null = null): Issue {
  return { field, code, message, vendorCode: null, vendorMessage: null, nativeField: null }
}

export const isOperationName = (operation: Command['operation']): operation is WriteOperationName =>
  operation !== 'UNKNOWN'
