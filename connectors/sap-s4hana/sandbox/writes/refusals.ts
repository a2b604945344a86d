/**
 * Refusals in the system's own words. Codes and texts are those of the reference (section 7) where it has one;
 * the others are message classes as the system uses them, their exact texts not verified.
 */
import { SapError } from '../errors.ts'

export interface Reason {
  readonly code: string
  readonly message: string
  /** The property at fault. */
  readonly target?: string
}

export function refusal(status: number, code: string, message: string, target?: string): SapError {
  return new SapError({ status, code, message, ...(target === undefined ? {} : { target }) })
}

/** A business check that failed: 400 with the message's own code. */
export function business(code: string, message: string, target?: string): SapError {
  return refusal(400, code, message, target)
}

/** Several messages under one generic code: the reasons are only in `errordetails`. */
export function several(code: string, message: string, reasons: readonly Reason[]): SapError {
  return new SapError({
    status: 400,
    code,
    message,
    details: [{ code, message }, ...reasons].map((reason) => ({ severity: 'error', target: '', ...reason })),
  })
}

export function unknownProperty(property: string, type: string): SapError {
  return refusal(400, '/IWBEP/CM_MGW_RT/021', `Property ${property} not found in type ${type}`, property)
}

export function invalidValue(property: string, value: unknown): SapError {
  const shown = typeof value === 'string' ? value : JSON.stringify(value)
  return refusal(400, '/IWCOR/CX_DS_EP_PROPERTY_ERROR', `Property '${property}' has invalid value '${shown}'`, property)
}

export function facetViolated(property: string, facet: string): SapError {
  return refusal(
    400,
    '/IWCOR/CX_DS_EDM_FACET_ERROR',
    `Value of property '${property}' violates facet information '${facet}'`,
    property,
  )
}

export function malformedBody(message: string): SapError {
  return refusal(400, '/IWBEP/CM_MGW_RT/020', message)
}

/** `verb`: 'Creating', 'Updating', 'Deleting'. */
export function verbDisabled(verb: string, service: string, set: string): SapError {
  return refusal(405, 'CX_SADL_ENTITY_CUD_DISABLED', `${verb} operations are disabled for entity '${service}~${set}'`)
}

export function preconditionRequired(set: string): SapError {
  return refusal(428, '/IWBEP/CM_MGW_RT/194', `Precondition required for entity '${set}' (If-Match missing)`)
}

export function actionPreconditionRequired(set: string): SapError {
  return refusal(428, 'SADL_ENTITY_RUNTIME/006', `Precondition required for action in entity ${set} (If-Match missing)`)
}

export function preconditionFailed(): SapError {
  return refusal(412, '/IWBEP/CM_MGW_RT/196', 'Precondition failed: the entity was changed in the meantime')
}

/** A field that is decided once (or that does not fit) in a purchase order. */
export function inputNotProcessed(field: string, level: string): SapError {
  return business(
    'MMPUR_POHANDLER_TECH/010',
    `The input of field ${field} on ${level} level cannot be processed.`,
    field,
  )
}

/** The message for a field that must be given. */
export function enter(what: string, target: string): SapError {
  return business('ME/083', `Enter ${what}`, target)
}
