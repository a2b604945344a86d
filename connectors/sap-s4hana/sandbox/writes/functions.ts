/** Function imports: which one does what. */
import type { FunctionImport, Row } from '../model.ts'
import type { WriteAnswer, WriteContext } from './context.ts'
import { refusal } from './refusals.ts'
import type { Work } from './work.ts'

/** `parameters`: by name, null where they were not given. */
export interface FunctionCall {
  readonly function: FunctionImport
  readonly parameters: Row
  readonly ifMatch: string | undefined
}

type Handler = (work: Work, call: FunctionCall) => WriteAnswer

const FUNCTIONS: Readonly<Record<string, Handler>> = {}

export function callFunction(
  work: Work,
  imported: FunctionImport,
  parameters: Row,
  headers: WriteContext['headers'],
): WriteAnswer {
  const handler = FUNCTIONS[imported.name]
  if (handler === undefined)
    throw refusal(501, '/IWBEP/CX_MGW_NOT_IMPL_EXC', `Method '${imported.name}' not implemented in data provider class`)
  return handler(work, { function: imported, parameters, ifMatch: headers['if-match'] })
}
