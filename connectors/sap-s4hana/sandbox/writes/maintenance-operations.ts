/** Operations and components of maintenance orders, and the other things that hang below an order. */
import type { Row } from '../model.ts'
import { compare } from './decimals.ts'
import { MAINTENANCE, moveOrder, orderLock, orderRow } from './maintenance-orders.ts'
import { nextItem, takeNumber } from './number-ranges.ts'
import { checkChangeable, codesOf, phaseOf } from './order-status.ts'
import { checkStorageLocation, materialIn, materialText, plantOf } from './organisation.ts'
import { business, enter } from './refusals.ts'
import type { EntityRules } from './rules.ts'
import { fill, keyOf, rowsWhere, textOf, type Work } from './work.ts'

export const operations: EntityRules = {
  prepare: (work, draft, parent) => {
    const { row } = draft
    const order = parent ?? orderRow(work, row['MaintenanceOrder'])
    const others = rowsWhere(work, MAINTENANCE, 'MaintenanceOrderOperation', {
      MaintenanceOrder: order['MaintenanceOrder'] ?? '',
    })
    fill(row, {
      MaintenanceOrderOperation: nextItem(others, 'MaintenanceOrderOperation', 10, 4),
      MaintenanceOrderSubOperation: '',
      OperationControlKey: 'YBM1',
      WorkCenter: textOf(order, 'MainWorkCenter'),
      Plant: textOf(order, 'MainWorkCenterPlant'),
      MaintOrdOpWorkDurationUnit: 'H',
      MaintOrdOperationDurationUnit: textOf(row, 'MaintOrdOpWorkDurationUnit') || 'H',
      Language: work.language,
    })
    row['NumberOfCapacities'] ??= 1
    padNumbers(row)
    const { phase, subPhase } = phaseOf(['CRTD'])
    Object.assign(row, {
      SystemStatusText: 'CRTD',
      MaintOrdOpProcessPhaseCode: phase,
      MaintOrdOpProcessSubPhaseCode: subPhase,
      OpErlstSchedldExecStrtDteTme: order['MaintOrdBasicStartDateTime'] ?? null,
      OpErlstSchedldExecEndDteTme: order['MaintOrdBasicEndDateTime'] ?? null,
      IsMarkedForDeletion: false,
      ActualWorkQuantity: '0',
    })
  },
  change: (work, current, changes) => {
    checkOrder(work, current)
    return changes
  },
  changed: (work, _before, after) => moveOrder(work, after['MaintenanceOrder']),
  remove: (work, row) => {
    const order = checkOrder(work, row)
    const set = work.store.set(MAINTENANCE, 'MaintenanceOrderOperation')
    // Once released, an operation is only marked.
    if (codesOf(textOf(order, 'SystemStatusText')).includes('CRTD')) {
      for (const component of work.store.children(set, 'to_MaintOrderOpComponent_2', row)) drop(work, component)
      work.store.remove(set, keyOf(set, row))
    } else {
      work.store.update(set, keyOf(set, row), { IsMarkedForDeletion: true })
    }
    moveOrder(work, row['MaintenanceOrder'])
  },
  lock: (row) => orderLock(textOf(row, 'MaintenanceOrder')),
}

export const components: EntityRules = {
  prepare: (work, draft, parent) => {
    const { row } = draft
    const operation = parent ?? {}
    const others = rowsWhere(work, MAINTENANCE, 'MaintOrderOpComponent', {
      MaintenanceOrder: row['MaintenanceOrder'] ?? '',
    })
    fill(row, { Plant: textOf(operation, 'Plant') })
    completeComponent(work, row)
    fill(row, { MaintenanceOrderComponent: nextItem(others, 'MaintenanceOrderComponent', 10, 4) })
    row['MaintOrderComponentInternalID'] =
      `${textOf(row, 'MaintenanceOrder')}${textOf(row, 'MaintenanceOrderOperation')}${others.length + 1}`
    const reservation = textOf(others[0], 'Reservation')
    Object.assign(row, {
      Reservation: reservation === '' ? takeNumber(work.store, 'reservation') : reservation,
      ReservationItem: String(others.length + 1),
      IsDeleted: false,
      GoodsMovementIsAllowed: false,
    })
  },
  change: (work, current, changes) => {
    checkOrder(work, current)
    const after = { ...current, ...changes }
    if ('QuantityInUnitOfEntry' in changes)
      after['MaintOrdOpCompRequiredQuantity'] = changes['QuantityInUnitOfEntry'] ?? '0'
    else if ('MaintOrdOpCompRequiredQuantity' in changes)
      after['QuantityInUnitOfEntry'] = changes['MaintOrdOpCompRequiredQuantity'] ?? '0'
    completeComponent(work, after)
    const { MaintOrdOpCompRequiredQuantity = '0', QuantityInUnitOfEntry = '0' } = after
    return { ...changes, MaintOrdOpCompRequiredQuantity, QuantityInUnitOfEntry }
  },
  changed: (work, _before, after) => moveOrder(work, after['MaintenanceOrder']),
  remove: (work, row) => {
    const order = checkOrder(work, row)
    if (codesOf(textOf(order, 'SystemStatusText')).includes('CRTD')) drop(work, row)
    else {
      const set = work.store.set(MAINTENANCE, 'MaintOrderOpComponent')
      work.store.update(set, keyOf(set, row), { IsDeleted: true })
    }
    moveOrder(work, row['MaintenanceOrder'])
  },
  lock: (row) => orderLock(textOf(row, 'MaintenanceOrder')),
}

/** Long texts, partners, object list, settlement rules. */
export const orderDetails: EntityRules = {
  prepare: (work, draft) => {
    const names = draft.set.type.properties
    if (names.has('Language')) fill(draft.row, { Language: work.language })
    if (names.has('TextObjectType')) fill(draft.row, { TextObjectType: 'AUFK' })
    if (names.has('MaintenanceObjectListItem')) fill(draft.row, { MaintenanceObjectListItem: 1 })
    if (names.has('MaintenanceOrderObjectList')) fill(draft.row, { MaintenanceOrderObjectList: '1' })
  },
  change: (work, current, changes) => {
    checkOrder(work, current)
    return changes
  },
  changed: (work, _before, after) => moveOrder(work, after['MaintenanceOrder']),
  lock: (row) => orderLock(textOf(row, 'MaintenanceOrder')),
}

/** `10` is operation `0010`. */
function padNumbers(row: Row): void {
  for (const name of ['MaintenanceOrderOperation', 'MaintenanceOrderSubOperation']) {
    const text = textOf(row, name)
    if (/^\d+$/.test(text)) row[name] = text.padStart(4, '0')
  }
}

function checkOrder(work: Work, row: Row): Row {
  const order = orderRow(work, row['MaintenanceOrder'])
  const codes = codesOf(textOf(order, 'SystemStatusText'))
  checkChangeable(textOf(order, 'MaintenanceOrder'), codes)
  return order
}

function completeComponent(work: Work, row: Row): void {
  const [product, plant] = [textOf(row, 'Product'), textOf(row, 'Plant')]
  plantOf(work, plant)
  if (product === '') {
    if (textOf(row, 'MaintOrdOperationComponentText') === '') throw enter('Component', 'Product')
    fill(row, { MaintComponentItemCategory: 'T', BaseUnit: textOf(row, 'UnitOfEntry') || 'EA' })
  } else {
    const material = materialIn(work, product, plant)
    fill(row, {
      MaintComponentItemCategory: 'L',
      MaintOrdOperationComponentText: materialText(work, product),
      BaseUnit: textOf(material, 'BaseUnit'),
    })
  }
  const location = textOf(row, 'StorageLocation')
  if (location !== '') checkStorageLocation(work, plant, location)
  const quantity = textOf(row, 'QuantityInUnitOfEntry') || textOf(row, 'MaintOrdOpCompRequiredQuantity') || '0'
  if (compare(quantity, '0') <= 0) throw business('CN/052', 'Enter a requirement quantity', 'QuantityInUnitOfEntry')
  fill(row, {
    QuantityInUnitOfEntry: quantity,
    MaintOrdOpCompRequiredQuantity: quantity,
    UnitOfEntry: textOf(row, 'BaseUnit'),
  })
}

function drop(work: Work, component: Row): void {
  const set = work.store.set(MAINTENANCE, 'MaintOrderOpComponent')
  work.store.remove(set, keyOf(set, component))
}
