import type { WritableEntity, WriteOperationName } from '../../../core/index.ts'
import { must, type Rule } from './rules.ts'
import { nameOf, writing } from './writing.ts'

const ENTITIES: readonly WritableEntity[] = [
  'vendor',
  'item',
  'location',
  'stock_level',
  'purchase_order',
  'inventory_movement',
  'work_order',
  'asset',
  'user',
]
const NAMES: readonly WriteOperationName[] = ['CREATE', 'UPDATE', 'DELETE', 'SET_STATUS']

export const REFUSING_RULES: readonly Rule[] = [
  {
    id: 'W7',
    statement: 'an operation that is not listed is refused as unsupported, and nothing goes over the wire',
    async check(harness) {
      const { operations = [], unsupported = [] } = harness.connector
      if (harness.writes === undefined && operations.length === 0) return
      const listed = new Set(operations.map(nameOf))
      must(listed.size === operations.length, 'an operation is listed twice')
      const reasons = new Map(unsupported.map((each) => [nameOf(each), each.reason]))
      for (const name of reasons.keys()) must(!listed.has(name), `${name} is both listed and said to be unsupported`)
      for (const entity of ENTITIES)
        for (const operation of NAMES) {
          const name = nameOf({ entity, operation })
          if (listed.has(name)) continue
          await writing(harness, { entity, operation }, async ({ send, ended, wire }) => {
            const target = operation === 'CREATE' ? {} : { target: '1' }
            const payload = operation === 'DELETE' ? null : {}
            const result = await ended(await send({ ...target, payload, times: async () => 0 }))
            must(result.outcome === 'UNSUPPORTED', `${name} ends as ${result.outcome}`)
            const told = result.errors[0]?.message ?? ''
            must(told.includes(reasons.get(name) ?? harness.connector.id), `${name}: no reason in "${told}"`)
            must(wire.requests.length === 0, `${name} was attempted`)
          })
        }
    },
  },
]
