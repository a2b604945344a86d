import {
  type JsonObject,
  OutcomeUnknownError,
  RetryableError,
  type WriteOperation,
  type WriteRequest,
} from '../../../core/index.ts'
import type { Session } from './memory-connector.ts'

const NAME = { path: 'name', on: ['CREATE', 'UPDATE'], source: 'memory-system.ts' } as const

async function changed(session: Session, method: string, path: string, body: JsonObject, signal: AbortSignal) {
  try {
    const [vendor] = await session.vendors(method, path, body, signal)
    return { target: String(vendor?.id), replay: false }
  } catch (error) {
    if (!(error instanceof RetryableError)) throw error
    throw new OutcomeUnknownError(`writing a vendor: ${error.message}`, { cause: error })
  }
}

const nameIn = ({ payload }: WriteRequest<'vendor'>): string => payload?.name ?? ''

async function found(
  session: Session,
  query: string,
  holds: (name: string) => boolean,
  signal: AbortSignal,
): ReturnType<WriteOperation<Session>['find']> {
  const [vendor] = await session.vendors('GET', `?${query}`, null, signal)
  return vendor !== undefined && holds(vendor.name) ? { target: String(vendor.id), replay: true } : 'not-applied'
}

/** They keep every rule. */
export const vendorOperations: readonly WriteOperation<Session, any>[] = [
  {
    entity: 'vendor',
    operation: 'CREATE',
    anchor: 'searchable',
    conflicts: 'none',
    atomic: true,
    fields: [{ ...NAME, required: true }],
    execute: (session, request: WriteRequest<'vendor'>, signal) =>
      changed(session, 'POST', '', { token: request.token(12), name: nameIn(request) }, signal),
    find: (session, request, signal) => found(session, `token=${request.token(12)}`, () => true, signal),
  },
  {
    entity: 'vendor',
    operation: 'UPDATE',
    anchor: 'absolute',
    conflicts: 'none',
    atomic: true,
    fields: [NAME],
    execute: (session, request: WriteRequest<'vendor'>, signal) =>
      changed(session, 'PATCH', `/${request.target}`, { name: nameIn(request) }, signal),
    find: (session, request, signal) =>
      found(session, `id=${request.target}`, (name) => name === nameIn(request), signal),
  },
]
