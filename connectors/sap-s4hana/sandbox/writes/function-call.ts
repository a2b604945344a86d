import type { EntitySet, FunctionImport, Row } from '../model.ts'
import type { WriteAnswer } from './context.ts'
import type { Work } from './work.ts'

export interface FunctionCall {
  readonly function: FunctionImport
  /** By name; what was not given is missing. */
  readonly parameters: Row
  readonly ifMatch: string | undefined
}

export type Handler = (work: Work, call: FunctionCall) => WriteAnswer

/** The answer of functions that only say whether they worked. */
export function done(call: FunctionCall): WriteAnswer {
  return {
    status: 200,
    result: { name: call.function.name, type: call.function.returnType, value: { IsInvalid: false } },
  }
}

/** The answer of functions that return the entity they changed. */
export function entity(set: EntitySet, row: Row): WriteAnswer {
  return { status: 200, entity: { set, row, expanded: {} } }
}
