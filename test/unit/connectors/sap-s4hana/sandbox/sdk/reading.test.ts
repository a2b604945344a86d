import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { and } from '@sap-cloud-sdk/odata-v2'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SERVICES } from '../../../../../../connectors/sap-s4hana/sandbox/model.ts'
import { type Api, type SdkClient, startWithSdk } from './client.ts'
import { type Field, type IndependentModel, readIndependently, type SetModel } from './independent-model.ts'
import { complaints } from './json-values.ts'
import { awkwardRow } from './planted-rows.ts'
import { fieldOf, typedOf, typedOfRow, wrongTyped } from './typed-values.ts'

const CHECKED_BY_KEY = 3
/** Fields of one filter: an address has its limits. */
const AT_ONCE = 20
let client: SdkClient
const models = new Map<string, IndependentModel>()

/** Seeded data, and in every set one more row that has a value in every field. */
beforeAll(async () => {
  client = await startWithSdk({ size: 30, now: () => Date.UTC(2026, 0, 15, 12) })
  const { store } = client.sandbox
  for (const service of SERVICES) {
    const model = readIndependently(join(client.served, `${service}.edmx`))
    models.set(service, model)
    for (const set of model.sets) store.insertMany(store.set(service, set.name), [awkwardRow(set)])
  }
}, 180_000)
afterAll(() => client?.sandbox.close())

function setsOf(service: string, addressable = true): { set: SetModel; api: Api }[] {
  const sets = models.get(service)?.sets ?? []
  return sets
    .filter((set) => set.addressable === addressable)
    .map((set) => ({ set, api: client.api(service, set.name) }))
}

function keyFields(set: SetModel): Field[] {
  return set.keys.flatMap((key) => set.fields.filter(({ name }) => name === key))
}

async function rows(builder: any): Promise<any[]> {
  const { data } = await builder.executeRaw(client.destination)
  return data.d.results
}

const list = (api: Api, top: number) => api.requestBuilder().getAll().top(top)

async function wrongValues(service: string): Promise<string[]> {
  const wrong: string[] = []
  for (const { set, api } of setsOf(service)) {
    const found = await rows(list(api, 100))
    if (found.length === 0) wrong.push(`${set.name} is empty`)
    wrong.push(...found.flatMap((row) => complaints(set, row, client.sandbox.origin)))
  }
  return wrong
}

async function wrongKeys(service: string): Promise<string[]> {
  const wrong: string[] = []
  for (const { set, api } of setsOf(service)) {
    const found = await rows(list(api, 1000))
    for (const row of [...found.slice(0, CHECKED_BY_KEY - 1), found.at(-1)]) {
      const key = keyFields(set).map((field) => typedOf(field, row[field.name]))
      const { data } = await api
        .requestBuilder()
        .getByKey(...key)
        .executeRaw(client.destination)
      if (!isDeepStrictEqual(data.d, row)) wrong.push(`${row.__metadata.uri} is another by its key`)
      const there = await client.get(row.__metadata.uri)
      if (!isDeepStrictEqual(there.d, row)) wrong.push(`${row.__metadata.uri} is another by its address`)
    }
  }
  return wrong
}

describe.each(SERVICES)('%s, read by the SDK', (service) => {
  test('shows every field of every set with a value of its type and facets', async () => {
    expect(await wrongValues(service)).toEqual([])
  })

  test('gives typed entities that say the same as the JSON', async () => {
    const wrong: string[] = []
    for (const { set, api } of setsOf(service)) {
      const found = await rows(list(api, 5))
      const entities = await list(api, 5).execute(client.destination)
      wrong.push(...found.flatMap((row, n) => wrongTyped(set, api, row, entities[n])))
    }
    expect(wrong).toEqual([])
  })

  test('finds rows by their key, and by their own address', async () => {
    expect(await wrongKeys(service)).toEqual([])
  })

  test('expands every navigation to what its deferred address holds', async () => {
    const wrong: string[] = []
    for (const { set, api } of setsOf(service)) {
      for (const link of set.links) {
        const target = models.get(service)?.sets.find(({ name }) => name === link.target)
        const expanding = list(api, 3).select(api.schema.ALL_FIELDS, fieldOf(api, link.name))
        for (const row of await rows(expanding)) {
          const nested = row[link.name]
          const whole = { ...deferred(set, row), ...row }
          wrong.push(...complaints(set, whole, client.sandbox.origin, new Set([link.name])))
          const below = link.many ? nested.results : nested === null ? [] : [nested]
          if (target !== undefined)
            wrong.push(...below.flatMap((it: any) => complaints(target, it, client.sandbox.origin)))
          if (below.length === 0) continue
          const { d } = await client.get(`${row.__metadata.uri}/${link.name}`)
          if (!isDeepStrictEqual(link.many ? d.results : [d], below)) wrong.push(`${set.name}/${link.name} differs`)
        }
        await expanding.execute(client.destination)
      }
    }
    expect(wrong).toEqual([])
  })

  test('finds the row by every filterable field, and refuses to filter by another', async () => {
    const wrong: string[] = []
    for (const { set, api } of setsOf(service)) {
      const planted = awkwardRow(set)
      const filterBy = (fields: readonly Field[]) =>
        list(api, 2).filter(
          and(fields.map((field) => fieldOf(api, field.name).equals(typedOfRow(field, planted[field.name] ?? null)))),
        )
      const filterable = set.fields.filter((field) => field.filterable)
      for (let from = 0; from < filterable.length; from += AT_ONCE) {
        const some = filterable.slice(from, from + AT_ONCE)
        const found = await rows(filterBy(some))
        if (found.length === 0) wrong.push(`${set.name} has no row with ${some.map(({ name }) => name).join(', ')}`)
      }
      for (const field of set.fields.filter((it) => !it.filterable)) {
        const status = await statusOf(filterBy([field]))
        if (status !== 400) wrong.push(`${set.name}.${field.name} is no filter, but answered ${status}`)
      }
    }
    expect(wrong).toEqual([])
  })

  test('has no lists of what is reached through other sets only', async () => {
    for (const { api } of setsOf(service, false)) expect(await statusOf(list(api, 1))).toBe(404)
  })
})

describe('shown with leading zeros and padded decimals', () => {
  beforeAll(() => Object.assign(client.sandbox.switches, { padKeys: true, decimalPadding: true }))
  afterAll(() => Object.assign(client.sandbox.switches, { padKeys: false, decimalPadding: false }))

  test.each(SERVICES)('%s has values of their type and facets, and keys that lead back', async (service) => {
    expect(await wrongValues(service)).toEqual([])
    expect(await wrongKeys(service)).toEqual([])
  })
})

describe('the checks of this file', () => {
  test.each([
    ['a field is missing', { Plant: undefined }],
    ['a field is unknown', { Planet: 'Mars' }],
    ['a text is null', { Plant: null }],
    ['a text is too long', { Plant: '10100' }],
    ['a text ends in blanks', { Plant: '10 ' }],
    ['a code is in lower case', { Plant: 'ab' }],
    ['a decimal is a number', { NetPriceAmount: 9.5 }],
    ['a decimal has too many places', { NetPriceAmount: '9.5001' }],
    ['a decimal is written with an exponent', { NetPriceAmount: '1e3' }],
    ['a boolean is a text', { IsCompletelyDelivered: 'true' }],
    ['a link is missing', { to_ScheduleLine: undefined }],
    ['the type is another', { __metadata: { type: 'API_PURCHASEORDER_PROCESS_SRV.A_PurchaseOrderType' } }],
  ])('notice when %s', async (_, broken) => {
    const items = setsOf('API_PURCHASEORDER_PROCESS_SRV').find(({ set }) => set.name === 'A_PurchaseOrderItem')
    if (items === undefined) throw new Error('no items')
    const [row] = await rows(list(items.api, 1))
    expect(complaints(items.set, row, client.sandbox.origin)).toEqual([])
    const head = { ...row.__metadata, ...('__metadata' in broken ? broken.__metadata : {}) }
    expect(complaints(items.set, { ...row, ...broken, __metadata: head }, client.sandbox.origin)).toHaveLength(1)
  })

  test('notice a date that no calendar has', async () => {
    const { switches } = client.sandbox
    const service = 'API_PURCHASEORDER_PROCESS_SRV'
    const orders = setsOf(service).find(({ set }) => set.name === 'A_PurchaseOrder')
    if (orders === undefined) throw new Error('no orders')
    const [{ PurchaseOrder: key }] = (await rows(list(orders.api, 1))) as [any]
    switches.invalidDate = { set: 'A_PurchaseOrder', key, property: 'LastChangeDateTime' }
    try {
      const [row] = await rows(list(orders.api, 1))
      expect(complaints(orders.set, row, client.sandbox.origin)).toEqual([
        'A_PurchaseOrder.LastChangeDateTime is no /Date(ms+0000)/: "/Date(99999999999999999)/"',
      ])
    } finally {
      switches.invalidDate = null
    }
  })
})

async function statusOf(builder: any): Promise<number> {
  try {
    const { status } = await builder.executeRaw(client.destination)
    return status
  } catch (error: any) {
    return error.rootCause?.response?.status ?? error.response?.status
  }
}

/** `$select=*,to_X` shows no other links; they are added for the check. */
function deferred(set: SetModel, row: any) {
  return Object.fromEntries(
    set.links.map(({ name }) => [name, { __deferred: { uri: `${row.__metadata.uri}/${name}` } }]),
  )
}
