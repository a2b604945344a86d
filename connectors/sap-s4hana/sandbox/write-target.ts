import type { Address } from './address.ts'
import { badRequest, SapError } from './errors.ts'
import type { Request } from './http.ts'
import type { EntitySet, Row } from './model.ts'
import type { Store } from './store.ts'
import type { WriteTarget } from './writes/context.ts'

/** What an address means for a change. An entity behind a navigation is written by its own key. @throws SapError 405 */
export function writeTargetOf(address: Address, method: string, store: Store): WriteTarget {
  if (address.kind === 'function') return address
  if (address.kind !== 'resource' || address.end.kind !== 'rows') throw methodNotAllowed(method)
  if (address.key === null) return { kind: 'set', set: address.set }
  let at: { set: EntitySet; key: Row } = { set: address.set, key: address.key }
  for (const [n, { navigation, key }] of address.steps.entries()) {
    const last = n === address.steps.length - 1
    if (last && key === null && method === 'POST') return { kind: 'navigation', ...at, navigation }
    if (key === null && navigation.many) throw methodNotAllowed(method)
    const { target } = navigation
    const row = store.get(at.set, at.key)
    const wanted = key === null ? null : store.get(target, key)
    const found = (row === null ? [] : store.children(at.set, navigation, row)).find(
      (child) => key === null || (wanted !== null && target.type.keys.every((name) => child[name] === wanted[name])),
    )
    if (found === undefined) throw methodNotAllowed(method)
    at = { set: target, key: Object.fromEntries(target.type.keys.map((name) => [name, found[name] ?? null])) }
  }
  return { kind: 'entity', ...at }
}

/** @throws SapError 400, 415 */
export function bodyOf(request: Request): unknown {
  if (request.body.length === 0) return undefined
  if (!(request.headers['content-type'] ?? '').includes('json')) {
    const message = 'Unsupported content type: send application/json'
    throw new SapError({ status: 415, code: '/IWFND/CM_MGW/415', message })
  }
  try {
    return JSON.parse(request.body.toString('utf8'))
  } catch {
    throw badRequest('/IWBEP/CM_MGW_RT/020', 'The request body is not valid JSON')
  }
}

export function methodNotAllowed(method: string): SapError {
  return new SapError({ status: 405, code: '/IWFND/CM_CONSUMER/405', message: `Method ${method} is not allowed here` })
}
