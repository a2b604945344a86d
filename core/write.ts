import { createHash } from 'node:crypto'
import type { EntityWrites, IssueCode, WritableEntity } from '../schemas/generated/commands.ts'
import type { EntityName } from '../schemas/generated/entities.ts'
import type { JsonObject, MappingSettings } from './connector.ts'

/**
 * The writing half of the contract. The life of a command, told by the runtime (`services/writer`):
 *  1. It is decoded and checked against the `fields` of its operation: all problems at once, nothing is called.
 *  2. `plan` is asked once, where there is one: absolute values of a read-modify-write. Journaled with *started*.
 *  3. `execute` writes. It throws one of the failures of `errors.ts`:
 *
 *     | thrown                             | means                                    | the runtime                    |
 *     |------------------------------------|------------------------------------------|--------------------------------|
 *     | RejectedError                      | refused, nothing was changed             | REJECTED, with its fields      |
 *     | ConflictError                      | `expectedVersion` is stale, nothing done | CONFLICT, with current version |
 *     | RetryableError, RateLimitedError   | known not applied                        | tries again later              |
 *     | AuthError                          | known not applied                        | waits for the connection       |
 *     | OutcomeUnknownError, anything else | may have been applied                    | asks `find` before any repeat  |
 *
 *  4. After an unknown outcome, also after a crash: `find` looks for what an earlier attempt left.
 *  5. The record written is read again (`readOne`) and published as a change.
 */
export type WriteOperationName = 'CREATE' | 'UPDATE' | 'DELETE' | 'SET_STATUS'

/** One write as the writer hands it to a connector: schema known, fields checked, references of this connection. */
export interface WriteRequest<Entity extends WritableEntity = WritableEntity> {
  readonly commandId: string
  readonly operation: WriteOperationName
  readonly entity: Entity
  /** Native key of the target, parts joined by "|"; null for CREATE. */
  readonly target: string | null
  /** The partial unified record; null for DELETE. */
  readonly payload: EntityWrites[Entity] | null
  readonly expectedVersion: string | null
  /** The command's anchor in `length` characters (`anchorToken`): what the record is found by again. */
  token(length: number): string
  /** When the first attempt was journaled, epoch ms: bounds searches for the anchor. */
  readonly startedAt: number
  /** What `plan` returned on the first attempt; null = no plan. */
  readonly plan: JsonObject | null
  /** Calls of a write of several calls that earlier attempts finished, in their order. Go on behind the last one. */
  readonly steps: readonly WriteStep[]
  /**
   * Makes a finished call of a write of several calls durable: to be awaited before the next one. After it the version
   * is no longer compared (`expectedVersion` is null from then on), and a refusal ends the command as
   * PARTIALLY_APPLIED.
   * @param sourceId native key of the record written, parts joined by "|"
   */
  finished(name: string, sourceId: string): Promise<void>
  readonly mapping: MappingSettings
}

/** One thing that is wrong, or worth knowing. */
export interface Issue {
  /** Path in the payload, e.g. `lines[2].unit_price`; null = the whole record. */
  readonly field: string | null
  readonly code: IssueCode
  /** For people, in English. */
  readonly message: string
  /** The system's own code and words, verbatim. */
  readonly vendorCode: string | null
  readonly vendorMessage: string | null
  readonly nativeField: string | null
}

export interface LineOutcome {
  readonly lineRef: string | null
  /** Native key of the line, the header's parts included, joined by "|". */
  readonly lineKey: string
  readonly lineNumber: string | null
}

export interface WriteStep {
  readonly name: string
  readonly outcome: 'APPLIED' | 'FAILED'
  readonly sourceId: string | null
}

/** What a write did. */
export interface WriteOutcome {
  /** Native key of the record written. */
  readonly target: string
  /** True = an earlier attempt had done it. */
  readonly replay: boolean
  readonly lines?: readonly LineOutcome[]
  readonly warnings?: readonly Issue[]
  readonly steps?: readonly WriteStep[]
  /** Of `find`: an earlier attempt finished `steps`, others are missing. It is sent again, with these steps. */
  readonly unfinished?: true
  /** A write of several calls stopped half-way: what is missing, and why. */
  readonly partial?: readonly Issue[]
  readonly httpStatus?: number
  readonly vendorRequestId?: string
}

/** One field that an operation takes; a field that no rule names is NOT_WRITABLE. */
export interface WriteField {
  /** In the payload: `vendor_id`, `lines[].unit_price`. */
  readonly path: string
  readonly on: readonly WriteOperationName[]
  /** On CREATE; for a line's field, on every new line. */
  readonly required?: boolean
  readonly maxLength?: number
  /** Digits after the point; more are PRECISION_LOSS. */
  readonly scale?: number
  readonly values?: readonly string[]
  readonly reference?: EntityName
  /** Setting of the connection that fills it in. */
  readonly default?: string
  /** Where the rule comes from: `$metadata A_PurchaseOrder.CompanyCode`, a page of documentation with its date. */
  readonly source: string
}

/** One operation on one entity. The contract kit tests what is claimed here. */
export interface WriteOperation<Session, Entity extends WritableEntity = WritableEntity> {
  readonly entity: Entity
  readonly operation: WriteOperationName
  /**
   * How `find` tells whether an earlier attempt was applied. `unique`: the system refuses a second record with the
   * anchor. `searchable`: it can be searched for. `absolute`: repeating gives the same state. `none`: it cannot be told.
   */
  readonly anchor: 'unique' | 'searchable' | 'absolute' | 'none'
  /** `native`: the system compares versions itself. `compare`: read and compared just before the write. */
  readonly conflicts: 'native' | 'compare' | 'none'
  /** One call, or one transaction of the system. */
  readonly atomic: boolean
  readonly fields: readonly WriteField[]
  /** For SET_STATUS: allowed transitions as the connector knows them. */
  readonly transitions?: readonly { readonly from: string; readonly to: string; readonly native: string }[]
  /** Absolute values of a read-modify-write, decided once and journaled before the first attempt. Writes nothing. */
  plan?(session: Session, request: WriteRequest<Entity>, signal: AbortSignal): Promise<JsonObject>
  execute(session: Session, request: WriteRequest<Entity>, signal: AbortSignal): Promise<WriteOutcome>
  /** Did an earlier attempt get through? `unknown` ends as IN_DOUBT, never as a guess. Writes nothing. */
  find(
    session: Session,
    request: WriteRequest<Entity>,
    signal: AbortSignal,
  ): Promise<WriteOutcome | 'not-applied' | 'unknown'>
}

/** What every system needs to create a record. */
export const REQUIRED_TO_CREATE: { readonly [E in WritableEntity]?: readonly string[] } = {
  vendor: ['name'],
  item: ['name', 'item_type'],
  location: ['name'],
  purchase_order: ['vendor_id'],
  inventory_movement: ['kind'],
  work_order: ['title'],
  asset: ['name', 'kind'],
  user: ['first_name', 'last_name'],
}

/** What a system cannot do, with the reason that a command is refused with. */
export interface UnsupportedOperation {
  readonly entity: WritableEntity
  readonly operation: WriteOperationName
  readonly reason: string
}

/** Type inference for an operation's object literal; returns it as it is. */
export function defineOperation<Session, Entity extends WritableEntity>(
  operation: WriteOperation<Session, Entity>,
): WriteOperation<Session, Entity> {
  return operation
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
/** `T` and the 52 characters of 256 bits. */
export const LONGEST_TOKEN = 53

/**
 * The anchor of a command: `T` and the first `length` − 1 characters of base32(SHA-256(`connectionId/commandId`)).
 * The same for every attempt; 12 characters carry 55 bits.
 * @throws RangeError unless 2 ≤ length ≤ 53
 */
export function anchorToken(connectionId: string, commandId: string, length: number): string {
  if (!Number.isInteger(length) || length < 2 || length > LONGEST_TOKEN)
    throw new RangeError(`an anchor has 2 to ${LONGEST_TOKEN} characters, not ${length}`)
  const hash = createHash('sha256').update(`${connectionId}/${commandId}`).digest()
  let token = 'T'
  for (let bit = 0; token.length < length; bit += 5) {
    const at = bit >> 3
    const word = ((hash[at] ?? 0) << 8) | (hash[at + 1] ?? 0)
    token += BASE32[(word >> (11 - (bit & 7))) & 31]
  }
  return token
}
