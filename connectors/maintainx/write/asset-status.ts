import { defineOperation, type WriteRequest } from '../../../core/index.ts'
import { assets } from '../read/assets.ts'
import type { MaintainXSession } from '../session.ts'
import { ASSET } from './kinds.ts'
import { type Mapped, namesOf, rulesOf, valuesOf } from './mapped.ts'
import { type Amendment, findUpdate, settled, update } from './records.ts'
import { sentOf } from './sent.ts'

const ON = ['SET_STATUS'] as const
const TABLE: readonly Mapped[] = [
  {
    field: 'status',
    native: 'status',
    kind: { words: { OPERATIONAL: 'ONLINE', DOWN: 'OFFLINE' } },
    on: ON,
    required: true,
  },
  { field: 'status_reason', native: 'description', kind: 'text', on: ON },
  { field: 'effective_at', native: 'startedAt', kind: 'instant', on: ON },
]
const NAMES = { fields: namesOf(TABLE) }
const SUBJECT = { kind: ASSET, stream: assets, method: 'POST', below: '/status' } as const

function amendment({ payload, target }: WriteRequest<'asset'>): Amendment {
  return settled(`changing the status of asset ${target}`, (findings) => {
    const body = valuesOf(TABLE, sentOf(payload), findings)
    return { body, compared: { status: body['status'] ?? null }, names: NAMES }
  })
}

const FROM = ['OPERATIONAL', 'DOWN', 'UNKNOWN']

/** Each status is an entry of its own in the asset's history; the latest is shown. */
export const setAssetStatus = defineOperation<MaintainXSession, 'asset'>({
  entity: 'asset',
  operation: 'SET_STATUS',
  anchor: 'absolute',
  conflicts: 'compare',
  atomic: true,
  fields: rulesOf(TABLE, '/assets/{assetId}/status'),
  transitions: [
    ...FROM.map((from) => ({ from, to: 'OPERATIONAL', native: 'ONLINE' })),
    ...FROM.map((from) => ({ from, to: 'DOWN', native: 'OFFLINE' })),
  ],
  execute: (session, request, signal) => update(session, request, SUBJECT, () => amendment(request), signal),
  find: (session, request, signal) => findUpdate(session, request, ASSET, () => amendment(request), signal),
})
