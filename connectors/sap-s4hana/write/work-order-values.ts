import { type Findings, type Json, type MappingSettings, zones } from '../../../core/index.ts'
import { EQUIPMENT } from '../read/asset-keys.ts'
import type { SapSession } from '../session.ts'
import type { Row } from '../values.ts'
import { valuesOf } from './mapped.ts'
import { dateValue, fractionDigits, isDecimal } from './native-values.ts'
import type { Sent } from './sent.ts'
import { PART, TASK, WORK } from './work-order-fields.ts'
import { keyIn, partsIn, partsOf, placeIn } from './write-references.ts'

/** Values of the header that were sent. */
export function headerValues(session: SapSession, sent: Sent, mapping: MappingSettings, findings: Findings): Row {
  const values: { [native: string]: Json } = { ...valuesOf(WORK, sent) }
  const priority = sent.text('priority')
  if (priority !== null) values['MaintPriority'] = priorityOf(priority, sent, mapping, findings)
  else if (sent.cleared('priority')) values['MaintPriority'] = ''
  const asset = partsIn(sent, 'asset_id', 'asset', findings)
  if (asset !== null) values[asset[0] === EQUIPMENT ? 'Equipment' : 'FunctionalLocation'] = asset.slice(1).join('|')
  const place = placeIn(sent, 'location_id', findings)
  if (place !== null) values['MaintenancePlant'] = place.plant
  const assignees = sent.list('assignee_ids')
  if (sent.cleared('assignee_ids')) values['MaintOrdPersonResponsible'] = ''
  else if (assignees !== null) values['MaintOrdPersonResponsible'] = assigneeOf(assignees, findings)
  const due = sent.instant('due_at')
  if (due !== null)
    values['LatestAcceptableCompletionDate'] = dateValue(
      new Date(zones.localOf(due, session.timeZone)).toISOString().slice(0, 10),
    )
  else if (sent.cleared('due_at')) values['LatestAcceptableCompletionDate'] = null
  for (const field of ['title', 'asset_id', 'location_id'])
    if (sent.cleared(field)) findings.add(field, 'INVALID_VALUE', 'cannot be empty in SAP')
  return values
}

const PRIORITIES: { readonly [symbol: string]: string } = { URGENT: '1', HIGH: '2', MEDIUM: '3', LOW: '4', NONE: '' }

function priorityOf(symbol: string, sent: Sent, mapping: MappingSettings, findings: Findings): string {
  const own = Object.entries(mapping.remaps['work_order.priority'] ?? {}).find(([, each]) => each === symbol)?.[0]
  const native = own ?? PRIORITIES[symbol]
  if (native === undefined) findings.add(`${sent.at}priority`, 'INVALID_VALUE', `SAP has no priority for ${symbol}`)
  return native ?? ''
}

function assigneeOf(ids: readonly string[], findings: Findings): string {
  const [only] = ids
  if (ids.length > 1) findings.add('assignee_ids', 'INVALID_VALUE', 'SAP has one person responsible')
  return only === undefined ? '' : (partsOf(only, 'assignee_ids[0]', 'user', findings)?.join('|') ?? '')
}

/** By maintenance type: what the connection says, first its remaps, then `maintenance_order_types`. */
export function orderTypeOf({ config }: SapSession, sent: Sent, mapping: MappingSettings): string | null {
  const wanted = sent.text('maintenance_type')
  const remapped = Object.entries(mapping.remaps['work_order.maintenance_type'] ?? {}).find(
    ([, each]) => each === wanted,
  )
  if (remapped !== undefined) return remapped[0]
  const told = config.maintenance_order_types.map((each) => each.split('=').map((part) => part.trim()))
  const fallback = told.find((parts) => parts.length === 1)?.[0]
  if (wanted === null) return fallback ?? told[0]?.[1] ?? null
  return told.find(([type, native]) => type === wanted && native !== undefined)?.[1] ?? fallback ?? null
}

export function taskValues(sent: Sent, findings: Findings): Row {
  const person = keyIn(sent, 'assignee_id', 'user', findings)
  decimalIn(sent, 'estimated_hours', 1, findings)
  const values = valuesOf(TASK, sent)
  return {
    ...values,
    ...('MaintOrdOperationWorkDuration' in values ? { MaintOrdOpWorkDurationUnit: 'H' } : {}),
    ...(person === null ? {} : { OperationPersonResponsible: person }),
    ...(sent.cleared('assignee_id') ? { OperationPersonResponsible: '' } : {}),
    ...sent.custom(findings),
  }
}

export function partValues(sent: Sent, findings: Findings): Row {
  const item = keyIn(sent, 'item_id', 'item', findings)
  const place = placeIn(sent, 'location_id', findings)
  decimalIn(sent, 'quantity_planned', 3, findings)
  return {
    ...(item === null ? {} : { Product: item }),
    ...valuesOf(PART, sent),
    ...(place === null ? {} : { Plant: place.plant }),
    ...(place?.storageLocation == null ? {} : { StorageLocation: place.storageLocation }),
    ...sent.custom(findings),
  }
}

function decimalIn(sent: Sent, field: string, digits: number, findings: Findings): void {
  const value = sent.text(field)
  if (value === null) return
  if (!isDecimal(value) || value.startsWith('-'))
    findings.add(`${sent.at}${field}`, 'INVALID_VALUE', `"${value}" is no number of 0 or more`)
  else if (fractionDigits(value) > digits)
    findings.add(
      `${sent.at}${field}`,
      'PRECISION_LOSS',
      `SAP keeps ${digits} digits behind the point, ${value} has more`,
    )
}
