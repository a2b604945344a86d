import type { JsonObject } from './description/index.ts'
import { createDice } from './random.ts'
import { JOBS } from './seed/words.ts'
import type { Doc, Resource, Store } from './store.ts'

/** What was done, to which record. */
export interface Done {
  readonly action: ActionName
  readonly resource: Resource
  readonly id: number
}

/** How often each action comes up in `step`. */
const WEIGHTS = {
  newWorkOrder: 10,
  changeWorkOrder: 14,
  advanceWorkOrder: 16,
  commentWorkOrder: 3,
  bookTime: 5,
  deleteWorkOrder: 1,
  renamePart: 4,
  countPart: 8,
  newPart: 2,
  deletePart: 1,
  newPurchaseOrder: 5,
  changePurchaseOrder: 3,
  advancePurchaseOrder: 7,
  receiveGoods: 6,
  deletePurchaseOrder: 1,
  newAsset: 1,
  renameAsset: 3,
  breakAsset: 3,
  deleteAsset: 1,
  newVendor: 2,
  renameVendor: 3,
  deleteVendor: 1,
  newLocation: 1,
  renameLocation: 1,
  newUser: 1,
  changeUser: 1,
} as const

export type ActionName = keyof typeof WEIGHTS

export interface Activity {
  /** Does one thing, to some record or this one. Null = there was nothing to do it to. */
  act(name: ActionName, id?: number): Done | null
  /** Does `count` things at random, in the proportions of a busy plant, but none of `without`. */
  step(count: number, without?: readonly ActionName[]): Done[]
}

/** Asks the API from within: no key, no limits, no faults. @throws when it refuses */
export type Ask = (method: string, path: string, body?: JsonObject) => unknown

export function createActivity(store: Store, ask: Ask, seed: number): Activity {
  const dice = createDice(seed, 'activity')
  let count = 0

  const some = (resource: Resource, condition?: string): Doc => {
    const doc = store.some(resource, dice.share(), condition === undefined ? undefined : { sql: condition, params: [] })
    if (doc === null) throw new NothingToDo()
    return doc
  }
  const chosen = (resource: Resource, id: number | undefined, condition?: string): Doc => {
    if (id === undefined) return some(resource, condition)
    const doc = store.get(resource, id)
    if (doc === null || doc.deletedAt != null) throw new NothingToDo()
    return doc
  }
  const status = (list: string): string => `data->>'$.status' IN (${list})`
  const suffix = (): string => `(rev. ${++count})`
  const renamed = (doc: Doc): string => `${String(doc['name']).replace(/ \(rev\. \d+\)$/, '')} ${suffix()}`
  const create = (resource: Resource, body: JsonObject): number =>
    (ask('POST', `/${resource}`, body) as { id: number }).id
  const change = (resource: Resource, doc: Doc, body: JsonObject, below = ''): number => {
    ask('PATCH', `/${resource}/${doc.id}${below}`, body)
    return doc.id
  }
  const remove = (resource: Resource, doc: Doc): number => {
    ask('DELETE', `/${resource}/${doc.id}`)
    return doc.id
  }

  const ACTIONS: Readonly<Record<ActionName, readonly [Resource, (id?: number) => number]>> = {
    newWorkOrder: [
      'workorders',
      () => {
        const asset = store.some('assets', dice.share())
        return create('workorders', {
          title: `${dice.pick(JOBS)} ${suffix()}`,
          priority: dice.pick(['NONE', 'LOW', 'MEDIUM', 'HIGH']),
          type: dice.pick(['REACTIVE', 'PREVENTIVE']),
          ...(asset === null ? {} : { assetId: asset.id, locationId: asset['locationId'] ?? null }),
          dueDate: new Date(store.now() + dice.whole(1, 20) * 86_400_000).toISOString(),
          assignees: [{ type: 'USER', id: some('users').id }],
          categories: ['Mechanical'],
        })
      },
    ],
    changeWorkOrder: [
      'workorders',
      (id) => {
        const doc = chosen('workorders', id, status(`'OPEN', 'IN_PROGRESS', 'ON_HOLD'`))
        const title = `${String(doc['title']).replace(/ \(rev\. \d+\)$/, '')} ${suffix()}`
        return change(
          'workorders',
          doc,
          dice.pick([
            { title },
            { title, priority: dice.pick(['LOW', 'MEDIUM', 'HIGH']) },
            { description: `Looked at it again ${suffix()}` },
            { assignees: [{ type: 'USER', id: some('users').id }] },
          ]),
        )
      },
    ],
    advanceWorkOrder: [
      'workorders',
      (id) => {
        const doc = chosen('workorders', id, status(`'OPEN', 'IN_PROGRESS', 'ON_HOLD'`))
        const next = {
          OPEN: ['IN_PROGRESS', 'IN_PROGRESS', 'CANCELED'],
          IN_PROGRESS: ['DONE', 'DONE', 'ON_HOLD'],
          ON_HOLD: ['IN_PROGRESS'],
        }[String(doc['status'])] ?? ['OPEN']
        return change('workorders', doc, { status: dice.pick(next) }, '/status')
      },
    ],
    commentWorkOrder: [
      'workorders',
      (id) => {
        const doc = chosen('workorders', id)
        ask('POST', `/workorders/${doc.id}/comments`, { content: `Noise is back ${suffix()}` })
        return doc.id
      },
    ],
    bookTime: [
      'workorders',
      (id) => {
        const doc = chosen('workorders', id, status(`'IN_PROGRESS', 'ON_HOLD'`))
        ask('POST', `/workorders/${doc.id}/costs`, {
          type: 'TIME',
          costType: 'WORK',
          durationTotal: dice.whole(1, 8) * 1800,
        })
        return doc.id
      },
    ],
    deleteWorkOrder: [
      'workorders',
      (id) => {
        const doc = chosen('workorders', id)
        if (doc['isParent'] === true) throw new NothingToDo()
        return remove('workorders', doc)
      },
    ],
    renamePart: [
      'parts',
      (id) => {
        const doc = chosen('parts', id)
        return change('parts', doc, dice.pick([{ name: renamed(doc) }, { unitCost: dice.whole(150, 45_000) }]))
      },
    ],
    countPart: [
      'parts',
      (id) => {
        const doc = chosen('parts', id)
        const [shelf] = doc['locations'] as unknown as readonly { locationId: number; availableQuantity: number }[]
        if (shelf === undefined) throw new NothingToDo()
        const availableQuantity = (shelf.availableQuantity + dice.whole(1, 20)) % 100
        return change('parts', doc, {
          locations: { addedUpdated: [{ locationId: shelf.locationId, availableQuantity }] },
        })
      },
    ],
    newPart: [
      'parts',
      () =>
        create('parts', {
          name: `Spare part ${suffix()}`,
          unitCost: dice.whole(150, 45_000),
          locations: [{ locationId: some('locations').id, availableQuantity: dice.whole(0, 30), minimumQuantity: 2 }],
        }),
    ],
    deletePart: ['parts', (id) => remove('parts', chosen('parts', id))],
    newPurchaseOrder: [
      'purchaseorders',
      () =>
        create('purchaseorders', {
          vendorId: some('vendors').id,
          title: `Spare parts ${suffix()}`,
          items: [{ partId: some('parts').id, quantityOrdered: dice.whole(1, 30) }],
        }),
    ],
    changePurchaseOrder: [
      'purchaseorders',
      (id) => {
        const doc = chosen('purchaseorders', id, status(`'REQUESTED', 'PENDING', 'DECLINED'`))
        return change('purchaseorders', doc, { note: `Please confirm ${suffix()}` })
      },
    ],
    advancePurchaseOrder: [
      'purchaseorders',
      (id) => {
        const doc = chosen('purchaseorders', id, status(`'REQUESTED', 'PENDING', 'DECLINED', 'PARTIALLY_FULFILLED'`))
        const next = {
          REQUESTED: ['PENDING'],
          PENDING: ['APPROVED', 'APPROVED', 'DECLINED'],
          DECLINED: ['PENDING', 'CANCELED'],
          PARTIALLY_FULFILLED: ['COMPLETED'],
        }[String(doc['status'])]
        if (next === undefined) throw new NothingToDo()
        return change('purchaseorders', doc, { status: dice.pick(next) }, '/status')
      },
    ],
    receiveGoods: [
      'purchaseorders',
      (id) => {
        const doc = chosen('purchaseorders', id, status(`'APPROVED', 'PARTIALLY_FULFILLED'`))
        const items = doc['items'] as unknown as readonly {
          id: number
          quantityOrdered: number
          quantityReceived: number
        }[]
        const item = items.find((each) => each.quantityReceived < each.quantityOrdered)
        if (item === undefined) throw new NothingToDo()
        const open = item.quantityOrdered - item.quantityReceived
        return change(
          'purchaseorders',
          doc,
          {
            items: [
              {
                id: item.id,
                fulfillments: [{ locationId: some('locations').id, quantityReceived: dice.whole(1, open) }],
              },
            ],
          },
          '/fulfillment',
        )
      },
    ],
    deletePurchaseOrder: [
      'purchaseorders',
      (id) => remove('purchaseorders', chosen('purchaseorders', id, status(`'REQUESTED', 'DECLINED', 'CANCELED'`))),
    ],
    newAsset: [
      'assets',
      () =>
        create('assets', { name: `Machine ${suffix()}`, locationId: some('locations').id, assetTypes: ['Machine'] }),
    ],
    renameAsset: [
      'assets',
      (id) => {
        const doc = chosen('assets', id)
        return change('assets', doc, { name: renamed(doc) })
      },
    ],
    breakAsset: [
      'assets',
      (id) => {
        const doc = chosen('assets', id)
        const current = typeof doc['statusId'] === 'number' ? store.get('assetstatuses', doc['statusId']) : null
        const next =
          current?.['status'] === 'ONLINE'
            ? { status: 'OFFLINE', downtimeType: dice.pick(['PLANNED', 'UNPLANNED']) }
            : { status: 'ONLINE' }
        ask('POST', `/assets/${doc.id}/status`, next)
        return doc.id
      },
    ],
    deleteAsset: ['assets', (id) => remove('assets', chosen('assets', id))],
    newVendor: ['vendors', () => create('vendors', { name: `Vendor ${suffix()}`, emails: ['sales@vendor.example'] })],
    renameVendor: [
      'vendors',
      (id) => {
        const doc = chosen('vendors', id)
        return change('vendors', doc, { name: renamed(doc) })
      },
    ],
    deleteVendor: ['vendors', (id) => remove('vendors', chosen('vendors', id))],
    newLocation: ['locations', () => create('locations', { name: `Area ${suffix()}`, parentId: some('locations').id })],
    renameLocation: [
      'locations',
      (id) => {
        const doc = chosen('locations', id)
        return change('locations', doc, { name: renamed(doc) })
      },
    ],
    newUser: [
      'users',
      () =>
        create('users', {
          firstName: 'New',
          lastName: `Colleague ${suffix()}`,
          email: `colleague${count}.${dice.whole(1, 1e9)}@plant.example`,
          role: 'MEMBER',
        }),
    ],
    changeUser: [
      'users',
      (id) =>
        change('users', chosen('users', id), {
          phoneNumber: `+33 6 00 ${dice.whole(10, 99)} ${dice.whole(10, 99)} ${dice.whole(10, 99)}`,
        }),
    ],
  }

  function act(name: ActionName, id?: number): Done | null {
    const [resource, run] = ACTIONS[name]
    try {
      return { action: name, resource, id: run(id) }
    } catch (error) {
      if (error instanceof NothingToDo) return null
      throw error
    }
  }

  return {
    act,
    step(steps, without = []) {
      const names = (Object.keys(WEIGHTS) as ActionName[]).filter((name) => !without.includes(name))
      const drawn = names.flatMap((name) => Array.from({ length: WEIGHTS[name] }, () => name))
      const done: Done[] = []
      for (let tries = 0; done.length < steps && tries < steps * 5; tries++) {
        const result = act(dice.pick(drawn))
        if (result !== null) done.push(result)
      }
      return done
    },
  }
}

class NothingToDo extends Error {}
