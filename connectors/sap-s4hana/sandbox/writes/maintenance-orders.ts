/** Maintenance orders. Operations and components come only with the order itself (maintenance-operations.ts). */
import type { Row, Value } from '../model.ts'
import { assignNumber } from './number-ranges.ts'
import { checkChangeable, codesOf, phaseOf, statusLine } from './order-status.ts'
import { plantOf } from './organisation.ts'
import { below, createDraft, type Draft } from './payload.ts'
import { business, enter } from './refusals.ts'
import type { EntityRules, Lock } from './rules.ts'
import { fill, find, rowsWhere, textOf, type Work } from './work.ts'

export const MAINTENANCE = 'API_MAINTENANCEORDER'
/** Read-only once the work is done: accepted, and without effect (reference section 6, rule a). */
const FROZEN_AFTER_TECO = [
  'MaintOrdBasicStartDateTime',
  'MaintOrdBasicEndDateTime',
  'MainWorkCenter',
  'MaintPriority',
  'Equipment',
  'FunctionalLocation',
]

export const maintenanceOrders: EntityRules = {
  prepare: (work, draft) => {
    const { row, set } = draft
    checkGiven(row)
    const object = technicalObject(work, row)
    row['MaintenanceOrder'] = assignNumber(work.store, 'maintenanceOrder', set, 'MaintenanceOrder')
    complete(work, row, object)
    addOperation(draft)
  },
  change: (work, current, changes) => {
    const codes = codesOf(textOf(current, 'SystemStatusText'))
    checkChangeable(textOf(current, 'MaintenanceOrder'), codes)
    const kept = { ...changes }
    if (codes.includes('TECO')) for (const field of FROZEN_AFTER_TECO) delete kept[field]
    const after = { ...current, ...kept }
    if ('Equipment' in kept || 'FunctionalLocation' in kept) technicalObject(work, after)
    if ('MaintenancePlant' in kept && textOf(kept, 'MaintenancePlant') !== '')
      plantOf(work, textOf(kept, 'MaintenancePlant'))
    checkDates(after)
    return { ...kept, ...dateColumns(work, after), ...changeStamp(work) }
  },
  lock: (row) => orderLock(textOf(row, 'MaintenanceOrder')),
}

export function changeStamp(work: Work): Row {
  return { LastChangeDateTime: work.now, LastChangeByUser: work.user }
}

export function orderLock(order: string): Lock {
  return { name: order, code: 'CO/469', message: `Order ${order} is already being processed by CB9980000099` }
}

/** A change below the order shows in its change stamp, or does not (unverified: a switch). */
export function moveOrder(work: Work, order: Value | undefined): void {
  if (work.switches.headerMovesWithItems) stampOrder(work, order)
}

export function stampOrder(work: Work, order: Value | undefined, changes: Row = {}): void {
  const set = work.store.set(MAINTENANCE, 'MaintenanceOrder')
  work.store.update(set, { MaintenanceOrder: order ?? '' }, { ...changes, ...changeStamp(work) })
}

export function orderRow(work: Work, order: Value | undefined): Row {
  const row = find(work, MAINTENANCE, 'MaintenanceOrder', { MaintenanceOrder: order ?? '' })
  if (row === null) throw business('IW/001', `Order ${order ?? ''} does not exist`, 'MaintenanceOrder')
  return row
}

function checkGiven(row: Row): void {
  for (const [field, label] of [
    ['MaintenanceOrderType', 'Order Type'],
    ['MaintenancePlanningPlant', 'Planning Plant'],
    ['MainWorkCenter', 'Main Work Center'],
  ] as const)
    if (textOf(row, field) === '') throw enter(label, field)
  if (textOf(row, 'Equipment') === '' && textOf(row, 'FunctionalLocation') === '')
    throw business('IW/120', 'Enter a technical object: equipment or functional location', 'Equipment')
  checkDates(row)
}

function checkDates(row: Row): void {
  const [start, end] = [row['MaintOrdBasicStartDateTime'], row['MaintOrdBasicEndDateTime']]
  if (typeof start === 'number' && typeof end === 'number' && end < start)
    throw business('CO/231', 'Basic finish date is before the basic start date', 'MaintOrdBasicEndDateTime')
}

/** The equipment's current period or the functional location; neither may be flagged for deletion. */
function technicalObject(work: Work, row: Row): Row {
  const [equipment, location] = [textOf(row, 'Equipment'), textOf(row, 'FunctionalLocation')]
  const place =
    location === ''
      ? null
      : find(work, 'API_FUNCTIONALLOCATION', 'FunctionalLocation', { FunctionalLocation: location })
  if (location !== '' && place === null)
    throw business('IL/003', `Functional location ${location} does not exist`, 'FunctionalLocation')
  if (place?.['FuncnlLocIsMarkedForDeletion'] === true)
    throw business('BS/013', `System status DLFL is active (IFL ${location})`, 'FunctionalLocation')
  if (equipment === '') return place ?? {}
  const current = rowsWhere(work, 'API_EQUIPMENT', 'Equipment', { Equipment: equipment }).toSorted(
    (a, b) => Number(b['ValidityEndDate']) - Number(a['ValidityEndDate']),
  )[0]
  if (current === undefined) throw business('IE/006', `Equipment ${equipment} does not exist`, 'Equipment')
  if (current['EquipmentIsMarkedForDeletion'] === true)
    throw business('BS/013', `System status DLFL is active (IEQ ${equipment})`, 'Equipment')
  return current
}

function complete(work: Work, row: Row, object: Row): void {
  const plant = plantOf(work, textOf(row, 'MaintenancePlanningPlant'))
  fill(row, {
    MaintenanceOrderDesc: '',
    MaintenancePlant: textOf(object, 'MaintenancePlant') || textOf(plant, 'Plant'),
    MainWorkCenterPlant: textOf(plant, 'Plant'),
    MaintOrdBasicStartDateTime: work.now,
    CostCenter: textOf(object, 'CostCenter'),
    ABCIndicator: textOf(object, 'ABCIndicator'),
    AssetLocation: textOf(object, 'AssetLocation'),
  })
  fill(row, { MaintOrdBasicEndDateTime: row['MaintOrdBasicStartDateTime'] ?? work.now })
  const codes = ['CRTD', 'MANC']
  const { phase, subPhase } = phaseOf(codes)
  Object.assign(row, dateColumns(work, row), {
    CompanyCode: textOf(plant, 'CompanyCode'),
    ControllingArea: 'A000',
    Currency: 'EUR',
    EquipmentName: textOf(row, 'Equipment') === '' ? '' : textOf(object, 'EquipmentName'),
    MaintPriorityType: textOf(row, 'MaintPriority') === '' ? '' : 'PM',
    MainWorkCenterTypeCode: 'A',
    TechnicalObject: textOf(row, 'Equipment') || textOf(row, 'FunctionalLocation'),
    TechObjIsEquipOrFuncnlLoc: textOf(row, 'Equipment') === '' ? 'EAMS_FL' : 'EAMS_EQUI',
    SystemStatusText: statusLine(codes),
    MaintOrdProcessPhaseCode: phase,
    MaintOrdProcessSubPhaseCode: subPhase,
    CreatedByUser: work.user,
    MaintOrderCreationDateTime: work.now,
  })
  if (!work.switches.changeDateNullUntilChange) Object.assign(row, changeStamp(work))
}

/** The same moments once more, as date and time in the system's zone. */
function dateColumns(work: Work, row: Row): Row {
  const [start, end] = [row['MaintOrdBasicStartDateTime'], row['MaintOrdBasicEndDateTime']]
  const columns: Row = {}
  if (typeof start === 'number') {
    const { date, time } = work.calendar.local(start)
    Object.assign(columns, { MaintOrdBasicStartDate: date, MaintOrdBasicStartTime: time })
  }
  if (typeof end === 'number') {
    const { date, time } = work.calendar.local(end)
    Object.assign(columns, { MaintOrdBasicEndDate: date, MaintOrdBasicEndTime: time })
  }
  return columns
}

/** An order without operations gets its first one from the header. */
function addOperation(draft: Draft): void {
  const operations = below(draft, 'to_MaintenanceOrderOperation')
  const target = draft.set.type.navigations.get('to_MaintenanceOrderOperation')?.target
  if (operations.length > 0 || target === undefined) return
  operations.push(createDraft(target, { OperationDescription: textOf(draft.row, 'MaintenanceOrderDesc') }))
}
