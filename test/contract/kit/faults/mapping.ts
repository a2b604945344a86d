import type { Json, JsonObject } from '../../../../core/index.ts'
import { type Fault, withMapping, withPages } from './plant.ts'

/** Found by the rules of mapping. */
export const MAPPING_FAULTS: readonly Fault[] = [
  {
    title: 'asks for the time while mapping',
    finds: ['M1'],
    complaint: /asked for the time/,
    plant: (harness) =>
      withMapping(harness, (unified) => {
        Date.now()
        return unified
      }),
  },
  {
    title: 'writes to the payload while mapping',
    finds: ['M1'],
    complaint: /./,
    plant: (harness) =>
      withMapping(harness, (unified, payload) => {
        delete (payload as { [name: string]: Json })['brand_new_field']
        ;(payload as { [name: string]: Json })['mapped'] = true
        return unified
      }),
  },
  {
    title: 'gives a number for a text',
    finds: ['M2'],
    complaint: /./,
    plant: (harness) => withMapping(harness, (unified) => ({ ...unified, organization: 17 })),
  },
  {
    title: 'computes amounts in floats',
    finds: ['M3'],
    complaint: /is not in/,
    plant: (harness) => withMapping(harness, (unified) => floated(unified) as JsonObject),
  },
  {
    title: 'adds the mode of reading to the payload',
    finds: ['M4'],
    complaint: /differs/,
    plant: (harness) =>
      withPages(harness, (page, { mode }) => ({
        ...page,
        records: page.records.map((record) => ({ ...record, payload: { ...record.payload, mode } })),
      })),
  },
  {
    title: 'throws at a value that it does not know',
    finds: ['M5'],
    complaint: /unknown value/,
    plant: (harness) =>
      withMapping(harness, (unified, payload) => {
        if (JSON.stringify(payload).includes('never_seen')) throw new TypeError('unknown value')
        return unified
      }),
  },
]

const single = (amount: string): string => {
  const held = Math.fround(Number(amount))
  return held === Number(amount) ? amount : held.toFixed(9)
}

/** Amounts as a float holds them, printed again. */
function floated(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(floated)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      typeof each === 'string' && /_amount|_cost|quantity/.test(name) && /^\d+(\.\d+)?$/.test(each)
        ? single(each)
        : floated(each),
    ]),
  )
}
