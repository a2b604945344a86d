import {
  defineOperation,
  issue,
  type Json,
  type WriteField,
  type WriteOutcome,
  type WriteRequest,
} from '../../../core/index.ts'
import { vendors } from '../read/vendors.ts'
import type { TrytonSession } from '../session.ts'
import type { Row } from '../values.ts'
import { foundAlready } from './already.ts'
import { INACTIVE } from './issues.ts'
import { createdId, searchRows } from './lookups.ts'
import { type Names, send } from './refusals.ts'
import { fieldsFrom, payloadOf } from './requests.ts'
import { PARTY_FIELDS, partyValues } from './vendor-values.ts'
import { rowOf, sendTo, type Target, targetOf } from './versions.ts'

const NAMES: Names = {
  models: [
    {
      model: 'party.address',
      fields: {
        street: 'address_line1',
        city: 'city',
        postal_code: 'postal_code',
        country: 'country',
        subdivision: 'region',
      },
    },
    { model: 'party.contact_mechanism', fields: { value: 'email' } },
    { model: 'party.identifier', fields: { code: 'tax_id', type: 'tax_id' } },
    { model: 'party.party', fields: { name: 'name', code: 'vendor_number', active: 'is_active' } },
  ],
}

const field = fieldsFrom('Tryton 6.0 party/party.py, party/address.py, account_invoice/party.py')
const FIELDS: readonly WriteField[] = [
  field('vendor_number', { on: ['CREATE'] }),
  field('name', { required: true }),
  field('email'),
  field('phone'),
  field('tax_id'),
  field('address_line1'),
  field('address_line2'),
  field('city'),
  field('region'),
  field('postal_code'),
  field('country'),
  field('payment_terms'),
  field('is_active'),
]

type Request = WriteRequest<'vendor'>
const namesFor = (request: Request): Names => ({ ...NAMES, quoted: { tax_id: payloadOf(request).tax_id } })
const tokenOf = (request: Request) => request.token(26)

/** One transaction; the token is an identifier of the party, without a type. */
export const createVendor = defineOperation<TrytonSession, 'vendor'>({
  entity: 'vendor',
  operation: 'CREATE',
  anchor: 'searchable',
  conflicts: 'none',
  atomic: true,
  fields: FIELDS,
  async execute(session, request, signal) {
    const values = await partyValues(session, payloadOf(request), null, signal)
    const identifiers = [['create', [{ type: null, code: tokenOf(request) }]], ...listOf(values['identifiers'])]
    const call = { model: 'party.party', method: 'create', params: [[{ ...values, identifiers }]] }
    const id = createdId(await send(session, call, namesFor(request), signal))
    return outcome(session, String(id), false)
  },
  async find(session, request, signal) {
    const domain = [['identifiers.code', '=', tokenOf(request)]]
    const [found] = await searchRows(session, 'party.party', domain, ['name'], signal)
    return found === undefined ? 'not-applied' : outcome(session, String(found['id']), true)
  },
})

export const updateVendor = defineOperation<TrytonSession, 'vendor'>({
  entity: 'vendor',
  operation: 'UPDATE',
  anchor: 'absolute',
  conflicts: 'native',
  atomic: true,
  fields: FIELDS,
  async execute(session, request, signal) {
    const target = await partyOf(session, request, PARTY_FIELDS, signal)
    const values = await partyValues(session, payloadOf(request), target.row, signal)
    await write(session, target, values, signal, namesFor(request))
    return { target: String(target.id), replay: false }
  },
  find: (session, request, signal) => foundAlready(vendors, session, request, signal),
})

/** Tryton refuses to delete parties that anything names; an inactive one is offered to nobody. */
export const deleteVendor = defineOperation<TrytonSession, 'vendor'>({
  entity: 'vendor',
  operation: 'DELETE',
  anchor: 'absolute',
  conflicts: 'native',
  atomic: true,
  fields: [],
  async execute(session, request, signal) {
    const target = await partyOf(session, request, ['active'], signal)
    await write(session, target, { active: false }, signal)
    return { target: String(target.id), replay: false, warnings: [INACTIVE] }
  },
  async find(session, request, signal) {
    const party = await rowOf(session, 'party.party', Number(request.target), ['active'], signal)
    if (party !== null && party['active'] !== false && party['active'] !== 0) return 'not-applied'
    return { target: request.target ?? '', replay: true, warnings: [INACTIVE] }
  },
})

const NOT_READ = issue(
  null,
  'BUSINESS_RULE',
  'the connection reads as vendors only parties that are a product supplier or have a purchase: this one comes with its first',
)

const partyOf = (session: TrytonSession, request: Request, fields: readonly string[], signal: AbortSignal) =>
  targetOf(
    session,
    { model: 'party.party', fields, key: request.target, expectedVersion: request.expectedVersion },
    signal,
  )

const write = (session: TrytonSession, target: Target, values: Row, signal: AbortSignal, names = NAMES) =>
  sendTo(session, target, { model: 'party.party', method: 'write', params: [[target.id], values] }, names, signal)

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : [])

const outcome = (session: TrytonSession, target: string, replay: boolean): WriteOutcome => ({
  target,
  replay,
  ...(session.config.vendor_scope === 'all' ? {} : { warnings: [NOT_READ] }),
})
