import { decimals, type MappingSettings, type Unified, unifiedId } from '../../../core/index.ts'
import { cents, children, decimal, hours, type Row, ref, text } from '../values.ts'
import { customFields, reference } from './envelope.ts'

type Part = Unified<'work_order'>['parts'][number]
type Labor = Unified<'work_order'>['labor'][number]

/** Parts used; MaintainX has a part once in an order. Should it come again, its place in the list tells them apart. */
export function partsOf(order: Row, settings: MappingSettings, key: string): Part[] {
  const told = new Set<string>()
  return children(order['parts']).map((part, at) => {
    const id = ref(part['id']) ?? `@${at}`
    const isAgain = told.has(id)
    told.add(id)
    return {
      line_id: unifiedId(settings.connectionId, 'work_order_part', isAgain ? [key, id, `@${at}`] : [key, id]),
      task_id: null,
      item_id: reference(settings, 'item', part['id']),
      description: text(part['name']),
      quantity_planned: null,
      quantity_used: decimal(part['quantityUsed']),
      unit: null,
      source_unit: null,
      unit_cost: cents(part['unitCost']),
      location_id: reference(settings, 'location', part['locationId']),
      custom_fields: customFields(part['extraFields'], part, []),
    }
  })
}

/** Entries have no id: theirs is the place in the list. */
export function laborOf(order: Row, settings: MappingSettings, key: string): Labor[] {
  return timesOf(order).map((entry, at) => ({
    entry_id: unifiedId(settings.connectionId, 'work_order_labor', [key, String(at)]),
    user_id: reference(settings, 'user', entry['userId']),
    hours: hours(entry['durationTotal']),
    cost: cents(entry['rowTotal']),
    started_at: null,
    description: text(entry['description']),
  }))
}

const timesOf = (order: Row): readonly Row[] =>
  children(order['timeItems']).filter(({ type }) => type === 'TIME' || type === undefined)

/** null = nothing was booked. */
export function workedHours(order: Row): string | null {
  const booked = timesOf(order)
    .map((entry) => decimal(entry['durationTotal']))
    .filter((each) => each !== null)
  return booked.length === 0 ? null : decimals.ratio([decimals.sum(booked)], ['3600'])
}

/** Of time, expenses and parts; null = there is none, or not all of it is known. */
export function costOf(order: Row): string | null {
  const expenses = children(order['expenditures'])
  const booked = [...timesOf(order), ...expenses.filter(({ type }) => type !== 'TIME')]
  const amounts = booked.map((entry) => cents(entry['rowTotal']))
  // parts may be among the expenditures
  if (!expenses.some(({ type }) => type === 'PART'))
    for (const part of children(order['parts'])) {
      const [cost, used] = [cents(part['unitCost']), decimal(part['quantityUsed'])]
      if (cost !== null && used !== null) amounts.push(decimals.ratio([cost, used], ['1']))
    }
  const known = amounts.filter((amount) => amount !== null)
  return known.length === 0 || known.length < amounts.length ? null : decimals.sum(known)
}
