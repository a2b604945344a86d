import { divide, round } from '../records/decimals.ts'
import { DAY } from '../seed/times.ts'
import { documentColumns } from '../seed/transactions.ts'
import { JOBS, TEXTS } from '../seed/words.ts'
import type { Row, StoredRow } from '../store.ts'
import { type Desk, type Done, NothingToDo } from './desk.ts'

/** Status after which there is another: see definitions/choices.ts. */
const NEXT_WORK_ORDER: { readonly [status: string]: string } = { A: 'B', B: 'D', D: 'G', G: 'H' }
const NEXT_CASE: { readonly [status: string]: string } = { 1: '2', 2: '5', 3: '2', 4: '2', 5: '4' }
const NEXT_TASK: { readonly [status: string]: string } = { NOTSTART: 'PROGRESS', PROGRESS: 'COMPLETE' }
const NEXT_MAINTENANCE: { readonly [status: string]: string } = {
  Open: 'In progress',
  'In progress': 'Done',
  'On hold': 'In progress',
  'Warte auf Teile': 'In progress',
}

/** Production orders, cases, tasks, maintenance and assets; `id`: one of them, without it some. Each moves its record. */
export function workActions(desk: Desk) {
  const some = (table: string, id?: number): StoredRow => (id === undefined ? desk.pick(table) : desk.need(table, id))
  const next = (states: { readonly [status: string]: string }, status: unknown): string => {
    const after = states[String(status)]
    if (after === undefined) throw new NothingToDo(`nothing comes after ${String(status)}`)
    return after
  }
  const asset = (action: string, row: StoredRow, changes: Row): Done =>
    changed(action, 'customrecord_asset', row, { ...changes, lastmodified: desk.now() })

  function changed(action: string, table: string, row: StoredRow, changes: Row): Done {
    const id = Number(row['id'])
    desk.update(table, id, changes)
    return { action, table, id }
  }

  return {
    newWorkOrder(): Done {
      const assembly = desk.pick('item', `"itemtype" = 'Assembly'`)
      const location = desk.pick('location', `"makeinventoryavailable" = 'T'`)
      const id = desk.nextId('transaction')
      const now = desk.now()
      const places = { subsidiary: location['subsidiary'], location: location['id'] }
      desk.insert('transaction', {
        id,
        ...documentColumns('WorkOrd', desk.nextId('tranid:WorkOrd')),
        trandate: desk.calendar.day(now),
        startdate: desk.calendar.day(now + DAY),
        enddate: desk.calendar.day(now + desk.dice.int(2, 20) * DAY),
        status: 'A',
        memo: desk.dice.pick(TEXTS),
        posting: false,
        voided: false,
        void: false,
        ...places,
        createddate: now,
        lastmodifieddate: now,
      })
      desk.insert('transactionline', {
        transaction: id,
        id: 0,
        uniquekey: desk.nextId('uniquekey'),
        linesequencenumber: 0,
        mainline: true,
        taxline: false,
        ...places,
        item: assembly['id'],
        itemtype: assembly['itemtype'],
        quantity: String(desk.dice.int(1, 40)),
        quantityshiprecv: '0',
        units: assembly['stockunit'],
      })
      return { action: 'newWorkOrder', table: 'transaction', id }
    },

    /** Planned, released, in process (half is built), built, closed. */
    advanceWorkOrder(id?: number): Done {
      const order =
        id === undefined
          ? desk.pickTransaction('WorkOrd', `"status" IN ('A', 'B', 'D', 'G')`)
          : desk.need('transaction', id)
      const status = next(NEXT_WORK_ORDER, order['type'] === 'WorkOrd' ? order['status'] : null)
      const main = desk.need('transactionline', [Number(order['id']), 0])
      const whole = round(main['quantity'], 3)
      const built = status === 'D' ? divide(whole, '2', 0) : status === 'G' ? whole : null
      if (built !== null) desk.update('transactionline', [Number(order['id']), 0], { quantityshiprecv: built })
      return changed('advanceWorkOrder', 'transaction', order, { status, lastmodifieddate: desk.now() })
    },

    newCase(): Done {
      const id = desk.nextId('supportcase')
      const now = desk.now()
      desk.insert('supportcase', {
        id,
        casenumber: String(desk.nextId('casenumber')),
        title: `${desk.dice.pick(JOBS)} "neu"`,
        incomingmessage: desk.dice.pick(TEXTS),
        status: '1',
        priority: String(desk.dice.int(1, 3)),
        assigned: desk.pick('employee')['id'],
        startdate: now,
        subsidiary: desk.oneWorld ? 1 : null,
        isinactive: false,
        createddate: now,
        lastmodifieddate: now,
      })
      return { action: 'newCase', table: 'supportcase', id }
    },

    /** Not started, in progress, closed, opened again. */
    advanceCase(id?: number): Done {
      const row = some('supportcase', id)
      const status = next(NEXT_CASE, row['status'])
      const enddate = status === '5' ? desk.now() : null
      return changed('advanceCase', 'supportcase', row, { status, enddate, lastmodifieddate: desk.now() })
    },

    advanceTask(id?: number): Done {
      const row = id === undefined ? desk.pick('task', `"status" <> 'COMPLETE'`) : desk.need('task', id)
      const status = next(NEXT_TASK, row['status'])
      const completeddate = status === 'COMPLETE' ? desk.calendar.day(desk.now()) : null
      return changed('advanceTask', 'task', row, { status, completeddate, lastmodifieddate: desk.now() })
    },

    newMaintenance(): Done {
      const machine = desk.pick('customrecord_asset')
      const id = desk.nextId('customrecord_maintenance')
      const now = desk.now()
      desk.insert('customrecord_maintenance', {
        id,
        name: `${desk.dice.pick(JOBS)} ${id}`,
        isinactive: false,
        created: now,
        lastmodified: now,
        custrecord_mnt_number: `M-${String(id).padStart(5, '0')}`,
        custrecord_mnt_status: 'Open',
        custrecord_mnt_priority: desk.dice.pick(['Low', 'Medium', 'High']),
        custrecord_mnt_type: 'Corrective',
        custrecord_mnt_asset: machine['id'],
        custrecord_mnt_location: machine['custrecord_asset_location'],
        custrecord_mnt_due: now + desk.dice.int(1, 30) * DAY,
      })
      return { action: 'newMaintenance', table: 'customrecord_maintenance', id }
    },

    advanceMaintenance(id?: number): Done {
      const open = `"custrecord_mnt_status" NOT IN ('Done', 'Cancelled')`
      const table = 'customrecord_maintenance'
      const row = id === undefined ? desk.pick(table, open) : desk.need(table, id)
      const status = next(NEXT_MAINTENANCE, row['custrecord_mnt_status'])
      const isDone = status === 'Done'
      return changed('advanceMaintenance', table, row, {
        custrecord_mnt_status: status,
        custrecord_mnt_completed: isDone ? desk.now() : null,
        custrecord_mnt_hours_actual: isDone ? `${desk.dice.int(1, 20)}.5` : null,
        lastmodified: desk.now(),
      })
    },

    newAsset(): Done {
      const id = desk.nextId('customrecord_asset')
      const now = desk.now()
      desk.insert('customrecord_asset', {
        id,
        name: `Anlage "neu" ${id}`,
        isinactive: false,
        created: now,
        lastmodified: now,
        custrecord_asset_number: `A-N${id}`,
        custrecord_asset_status: 'Operational',
        custrecord_asset_location: desk.pick('location')['id'],
      })
      return { action: 'newAsset', table: 'customrecord_asset', id }
    },

    renameAsset(id?: number): Done {
      const name = `Anlage "${desk.dice.int(1, 99_999)}"`
      return asset('renameAsset', some('customrecord_asset', id), { name })
    },

    moveAsset(id?: number): Done {
      const row = some('customrecord_asset', id)
      const location = desk.pick('location', '"id" IS NOT ?', [row['custrecord_asset_location'] ?? null])
      return asset('moveAsset', row, { custrecord_asset_location: location['id'] })
    },

    /** Sets it inactive, or active again. */
    toggleAsset(id?: number): Done {
      const row = some('customrecord_asset', id)
      const isinactive = row['isinactive'] === 'T' ? 'F' : 'T'
      return asset('toggleAsset', row, { isinactive })
    },
  }
}
