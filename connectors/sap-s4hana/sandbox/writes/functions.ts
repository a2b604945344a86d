/** Function imports: which one does what. */
import type { FunctionImport, Row } from '../model.ts'
import type { WriteAnswer, WriteContext } from './context.ts'
import type { Handler } from './function-call.ts'
import { maintenanceFunctions } from './maintenance-functions.ts'
import { materialDocumentFunctions } from './material-document-functions.ts'
import { notificationFunctions } from './notification-functions.ts'
import { refusal } from './refusals.ts'
import { technicalObjectFunctions } from './technical-object-functions.ts'
import type { Work } from './work.ts'

const FUNCTIONS: Readonly<Record<string, Handler>> = {
  ...maintenanceFunctions,
  ...notificationFunctions,
  ...technicalObjectFunctions,
  ...materialDocumentFunctions,
}

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
