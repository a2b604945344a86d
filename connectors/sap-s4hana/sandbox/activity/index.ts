import type { Store } from '../store.ts'
import { createArchive } from './archive.ts'
import { assetActions } from './assets.ts'
import { type ActivityOptions, createDesk, type Done, NothingToDo } from './desk.ts'
import { goodsActions } from './goods.ts'
import { itemActions } from './items.ts'
import { maintenanceOrderActions } from './maintenance-orders.ts'
import { purchaseOrderActions } from './purchase-orders.ts'
import { userActions } from './users.ts'
import { vendorActions } from './vendors.ts'

export type { ActivitySwitches, Done } from './desk.ts'
export { NothingToDo } from './desk.ts'

export type Activity = ReturnType<typeof createActivity>

/** How often each action comes up in `step`. */
const WEIGHTS = {
  renameVendor: 4,
  blockVendor: 2,
  changeAddress: 3,
  changeAddressUnseen: 1,
  newVendor: 2,
  newUser: 1,
  renameUser: 1,
  blockUser: 1,
  renameItem: 4,
  markItemForDeletion: 2,
  editPlantData: 3,
  newPurchaseOrder: 10,
  changeItemQuantity: 10,
  addItem: 5,
  deleteItem: 3,
  cancelOrder: 2,
  receiveGoods: 15,
  issueGoods: 10,
  newMaintenanceOrder: 5,
  advanceMaintenanceOrder: 10,
  closeMaintenanceOrder: 2,
  addOperation: 3,
  renameAsset: 4,
  moveAsset: 2,
  deactivateAsset: 1,
  renamePlace: 2,
} as const

export type ActionName = keyof typeof WEIGHTS

/**
 * What the users of the system do all day. Each action is one transaction, leaves the change stamps that the system
 * would leave, and says what it did; it throws NothingToDo when no object suits.
 */
export function createActivity(store: Store, options: ActivityOptions) {
  const desk = createDesk(store, options)
  const actions = whole(store, {
    ...vendorActions(desk),
    ...userActions(desk),
    ...itemActions(desk),
    ...purchaseOrderActions(desk),
    ...goodsActions(desk),
    ...maintenanceOrderActions(desk),
    ...assetActions(desk),
  })
  return {
    ...actions,
    archive: createArchive(desk),

    /**
     * Does `count` things at random, in the proportions of a busy plant, but none of `without`; says what it did.
     * Fewer than `count` when the system has too little in it.
     */
    step(count: number, without: readonly ActionName[] = []): string[] {
      const choices = (Object.keys(WEIGHTS) as ActionName[])
        .filter((name) => !without.includes(name))
        .map((name) => [name, WEIGHTS[name]] as const)
      const done: string[] = []
      for (let tries = 0; done.length < count && tries < count * 5; tries++) {
        const { action, key } = attempt(actions[desk.dice.weighted(choices)]) ?? {}
        if (action) done.push(`${action} ${key}`)
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

type Actions = { [name in ActionName]: (key?: string, part?: string) => Done }

/** The same actions, each all or nothing. */
function whole<A extends Actions>(store: Store, actions: A): A {
  const wrapped = Object.entries(actions).map(([name, action]) => [
    name,
    (key?: string, part?: string): Done => store.transaction(() => action(key, part)),
  ])
  return Object.fromEntries(wrapped) as A
}
