import type { Row } from '../model.ts'
import { decimal } from '../seed/decimals.ts'
import { nextNumber } from '../seed/numbers.ts'
import { DAY, HOUR } from '../seed/times.ts'
import { JOBS } from '../seed/words.ts'
import type { WorkState } from '../seed/work.ts'
import { WORK_STATES } from '../seed/work-states.ts'
import { type Desk, type Done, NothingToDo, text } from './desk.ts'
import { workStamp } from './stamps.ts'

const SERVICE = 'API_MAINTENANCEORDER'

/** What follows on what. Locked, deleted, dropped and closed orders stay as they are. */
const NEXT: { readonly [state: string]: WorkState } = {
  CRTD: 'REL',
  REL: 'PCNF',
  PCNF: 'CNF',
  CNF: 'TECO',
  TECO: 'CLSD',
}

/** `key`: number of an order; without it some order that suits. */
export function maintenanceOrderActions(desk: Desk) {
  const orderOf = (suits: (row: Row) => boolean, key?: string): Row => {
    if (key === undefined) return desk.pick(SERVICE, 'MaintenanceOrder', suits)
    const row = desk.get(SERVICE, 'MaintenanceOrder', { MaintenanceOrder: key })
    if (!row || !suits(row)) throw new NothingToDo(`there is no maintenance order ${key} that suits`)
    return row
  }
  const update = (key: string, changes: Row): void => {
    desk.update(SERVICE, 'MaintenanceOrder', { MaintenanceOrder: key }, { ...changes, ...workStamp(desk) })
  }
  const setState = (key: string, state: WorkState, changes: Row = {}): void => {
    const { phase, subPhase, text: line } = WORK_STATES[state]
    const status = { SystemStatusText: line, MaintOrdProcessPhaseCode: phase, MaintOrdProcessSubPhaseCode: subPhase }
    update(key, { ...status, ...changes })
    if (state === 'PCNF' || state === 'CNF') confirmFirst(key, state === 'CNF')
  }

  return {
    newMaintenanceOrder(): Done {
      const asset = desk.pick(
        'API_EQUIPMENT',
        'Equipment',
        (row) => row['EquipmentIsMarkedForDeletion'] === false && row['EquipmentIsInactive'] === false,
      )
      const isTaken = (number: string): boolean =>
        desk.get(SERVICE, 'MaintenanceOrder', { MaintenanceOrder: number }) !== null
      const key = nextNumber(desk.store, 'maintenanceOrder', isTaken)
      const plant = text(asset, 'MaintenancePlant')
      const now = desk.now()
      const end = now + desk.dice.int(1, 10) * DAY
      const from = desk.today()
      const to = desk.calendar.local(end)
      const { phase, subPhase, text: line } = WORK_STATES.CRTD
      desk.insert(SERVICE, 'MaintenanceOrder', {
        MaintenanceOrder: key,
        MaintenanceOrderType: 'YA01',
        MaintenanceOrderDesc: desk.dice.pick(JOBS),
        MaintOrdBasicStartDateTime: now,
        MaintOrdBasicEndDateTime: end,
        MaintOrdBasicStartDate: from.date,
        MaintOrdBasicStartTime: from.time,
        MaintOrdBasicEndDate: to.date,
        MaintOrdBasicEndTime: to.time,
        MainWorkCenter: text(asset, 'MainWorkCenter') || 'MECH',
        MainWorkCenterPlant: plant,
        MaintenancePlanningPlant: plant,
        MaintenancePlant: plant,
        MaintOrdProcessPhaseCode: phase,
        MaintOrdProcessSubPhaseCode: subPhase,
        SystemStatusText: line,
        CompanyCode: text(asset, 'CompanyCode'),
        Equipment: text(asset, 'Equipment'),
        MaintPriority: desk.dice.pick(['1', '2', '3', '4']),
        MaintPriorityType: 'PM',
        Currency: text(asset, 'Currency'),
        CreatedByUser: desk.user,
        MaintOrderCreationDateTime: now,
        ...(desk.switches.changeDateNullUntilChange ? {} : workStamp(desk)),
      })
      insertOperation(key, '0010', plant)
      return { action: 'newMaintenanceOrder', key }
    },

    /** One step on the way from created to closed. Moves the order's change stamp. */
    advanceMaintenanceOrder(key?: string): Done {
      const order = orderOf((row) => NEXT[stateOf(row)] !== undefined, key)
      const number = text(order, 'MaintenanceOrder')
      const state = NEXT[stateOf(order)] as WorkState
      const done =
        state === 'TECO' ? { MaintOrderReferenceDateTime: desk.now(), MainWorkCompletedDateTime: desk.now() } : {}
      setState(number, state, done)
      return { action: `advanceMaintenanceOrder to ${state}`, key: number }
    },

    /** All the way to closed, technical completion included. Moves the order's change stamp. */
    closeMaintenanceOrder(key?: string): Done {
      const order = orderOf((row) => NEXT[stateOf(row)] !== undefined, key)
      const number = text(order, 'MaintenanceOrder')
      setState(number, 'CLSD', { MaintOrderReferenceDateTime: order['MaintOrderReferenceDateTime'] ?? desk.now() })
      return { action: 'closeMaintenanceOrder', key: number }
    },

    /** Moves the order's change stamp with `headerMovesWithItems`. */
    addOperation(key?: string): Done {
      const order = orderOf((row) => ['CRTD', 'REL', 'PCNF'].includes(stateOf(row)), key)
      const number = text(order, 'MaintenanceOrder')
      const operations = desk.find(SERVICE, 'MaintenanceOrderOperation', { MaintenanceOrder: number })
      const last = operations.reduce((most, row) => Math.max(most, Number(row['MaintenanceOrderOperation'])), 0)
      const operation = String(last + 10).padStart(4, '0')
      insertOperation(number, operation, text(order, 'MaintenancePlanningPlant'))
      if (desk.switches.headerMovesWithItems) update(number, {})
      return { action: 'addOperation', key: `${number}|${operation}` }
    },
  }

  function insertOperation(order: string, operation: string, plant: string): void {
    const now = desk.now()
    desk.insert(SERVICE, 'MaintenanceOrderOperation', {
      MaintenanceOrder: order,
      MaintenanceOrderOperation: operation,
      MaintenanceOrderSubOperation: '',
      OperationControlKey: 'YBM1',
      WorkCenter: 'MECH',
      Plant: plant,
      OperationDescription: desk.dice.pick(JOBS),
      NumberOfCapacities: 1,
      MaintOrdOperationWorkDuration: decimal(desk.dice.int(1, 16) * 500, 1),
      MaintOrdOpWorkDurationUnit: 'H',
      OpErlstSchedldExecStrtDteTme: now,
      OpErlstSchedldExecEndDteTme: now + 8 * HOUR,
      SystemStatusText: 'CRTD',
    })
  }

  /** Time is booked on the first operation. */
  function confirmFirst(order: string, isFinal: boolean): void {
    const [operation] = desk.find(SERVICE, 'MaintenanceOrderOperation', { MaintenanceOrder: order })
    if (!operation) return
    const key = {
      MaintenanceOrder: order,
      MaintenanceOrderOperation: text(operation, 'MaintenanceOrderOperation'),
      MaintenanceOrderSubOperation: text(operation, 'MaintenanceOrderSubOperation'),
    }
    desk.update(SERVICE, 'MaintenanceOrderOperation', key, {
      ActualWorkQuantity: decimal(desk.dice.int(1, 20) * 500, 3),
      OpActualExecutionStartDateTime: operation['OpActualExecutionStartDateTime'] ?? desk.now(),
      OpActualExecutionEndDateTime: isFinal ? desk.now() : null,
      SystemStatusText: isFinal ? 'REL  CNF' : 'REL  PCNF',
    })
  }
}

/** The state that a status line shows; '' for orders that nobody works on. */
function stateOf(order: Row): string {
  const codes = text(order, 'SystemStatusText').split(/ +/)
  if (codes.some((code) => ['LKD', 'DLFL', 'NCMP'].includes(code))) return ''
  return ['CLSD', 'TECO', 'CNF', 'PCNF', 'REL', 'CRTD'].find((code) => codes.includes(code)) ?? ''
}
