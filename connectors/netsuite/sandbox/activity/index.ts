import type { Store } from '../store.ts'
import { type Deletable, deletionActions } from './deletions.ts'
import { type ActivityOptions, createDesk, type Done, NothingToDo } from './desk.ts'
import { goodsActions } from './goods.ts'
import { itemActions } from './items.ts'
import { peopleActions } from './people.ts'
import { purchaseOrderActions } from './purchase-orders.ts'
import { vendorActions } from './vendors.ts'
import { workActions } from './work.ts'

export type { ActivitySwitches } from './desk.ts'
export { NothingToDo } from './desk.ts'

export type Activity = ReturnType<typeof createActivity>

/** How often each action comes up in `step`. */
const WEIGHTS = {
  renameVendor: 4,
  toggleVendor: 2,
  changeVendorAddress: 3,
  newVendor: 2,
  mergeVendors: 1,
  newEmployee: 1,
  changeEmployee: 2,
  toggleEmployee: 1,
  renameLocation: 1,
  renameItem: 4,
  changeItemCost: 3,
  toggleItem: 2,
  newItem: 2,
  newPurchaseOrder: 10,
  changeLine: 10,
  addLine: 5,
  removeLine: 3,
  approveOrder: 5,
  rejectOrder: 1,
  closeOrder: 1,
  cancelOrder: 1,
  billOrder: 4,
  receiveGoods: 15,
  adjustStock: 6,
  transferStock: 5,
  newWorkOrder: 3,
  advanceWorkOrder: 5,
  newCase: 2,
  advanceCase: 4,
  advanceTask: 4,
  newMaintenance: 3,
  advanceMaintenance: 4,
  newAsset: 1,
  renameAsset: 3,
  moveAsset: 2,
  toggleAsset: 1,
  deleteRecord: 2,
} as const

export type ActionName = keyof typeof WEIGHTS

/**
 * What the users of the account do all day. Each action is one transaction, leaves the time stamps that the account
 * would leave, and says what it did; it throws NothingToDo when no record suits.
 */
export function createActivity(store: Store, options: ActivityOptions) {
  const desk = createDesk(store, options)
  const deletions = deletionActions(desk)
  const actions = whole({
    ...vendorActions(desk),
    ...peopleActions(desk),
    ...itemActions(desk),
    ...purchaseOrderActions(desk),
    ...goodsActions(desk),
    ...workActions(desk),
  })
  const all = {
    ...actions,
    deleteRecord: (table?: Deletable, id?: number): Done => desk.act(() => deletions.deleteRecord(table, id)),
  } satisfies { [name in ActionName]: unknown }

  function whole<A extends { [name: string]: (id?: number, part?: number) => Done }>(given: A): A {
    const wrapped = Object.entries(given).map(([name, action]) => [
      name,
      (id?: number, part?: number): Done => desk.act(() => action(id, part)),
    ])
    return Object.fromEntries(wrapped) as A
  }

  return {
    ...all,

    /**
     * Does `count` things at random, in the proportions of a busy account, but none of `without`; says what it did.
     * Fewer than `count` when the account has too little in it.
     */
    step(count: number, without: readonly ActionName[] = []): Done[] {
      const choices = (Object.keys(WEIGHTS) as ActionName[])
        .filter((name) => !without.includes(name))
        .map((name) => [name, WEIGHTS[name]] as const)
      const done: Done[] = []
      for (let tries = 0; done.length < count && tries < count * 5; tries++) {
        const result = attempt(all[desk.dice.weighted(choices)])
        if (result !== null) done.push(result)
      }
      return done
    },
  }
}

function attempt(action: () => Done): Done | null {
  try {
    return action()
  } catch (error) {
    if (error instanceof NothingToDo) return null
    throw error
  }
}
