import { join } from 'node:path'
import { and } from '@sap-cloud-sdk/odata-v2'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SERVICES } from '../../../../../../connectors/sap-s4hana/sandbox/model.ts'
import { type Api, type SdkClient, startWithSdk } from './client.ts'
import { type Field, type IndependentModel, readIndependently, type SetModel } from './independent-model.ts'
import { complaints } from './json-values.ts'
import { awkwardRow } from './planted-rows.ts'
import { fieldOf, typedOf, typedOfRow, wrongTyped } from './typed-values.ts'

let client: SdkClient
const models = new Map<string, IndependentModel>()

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

function readable(service: string): { set: SetModel; api: Api }[] {
  const sets = models.get(service)?.sets ?? []
  return sets.filter((set) => set.addressable).map((set) => ({ set, api: client.api(service, set.name) }))
}

function keyFields(set: SetModel) {
  return set.keys.map((key) => set.fields.find(({ name }) => name === key) as Field)
}

async function rawRows(api: Api, top: number): Promise<any[]> {
  const { data } = await api.requestBuilder().getAll().top(top).executeRaw(client.destination)
  return data.d.results
}

describe.each(SERVICES)('%s, read by the SDK', (service) => {
  test('shows every field of every set with a value of its type and facets', async () => {
    for (const { set, api } of readable(service)) {
      const rows = await rawRows(api, 100)
      expect(rows.length, set.name).toBeGreaterThan(0)
      const wrong = rows.flatMap((row) => complaints(set, row, client.sandbox.origin))
      expect(wrong, set.name).toEqual([])
    }
  })

  test('gives typed entities that say the same as the JSON', async () => {
    for (const { set, api } of readable(service)) {
      const rows = await rawRows(api, 5)
      const entities = await api.requestBuilder().getAll().top(5).execute(client.destination)
      expect(entities).toHaveLength(rows.length)
      const wrong = rows.flatMap((row, n) => wrongTyped(set, api, row, entities[n]))
      expect(wrong, set.name).toEqual([])
    }
  })

  test('finds every row by its key, and by its own address', async () => {
    for (const { set, api } of readable(service)) {
      const rows = await rawRows(api, 100)
      for (const row of [...rows.slice(0, 2), rows.at(-1)]) {
        const key = keyFields(set).map((field) => typedOf(field, row[field.name]))
        const one = await (api.requestBuilder() as any).getByKey(...key).executeRaw(client.destination)
        expect(one.data.d, set.name).toEqual(row)
        expect((await client.get(row.__metadata.uri)).d, set.name).toEqual(row)
      }
    }
  })

  test('expands every navigation to what its deferred address holds', async () => {
    for (const { set, api } of readable(service)) {
      for (const link of set.links) {
        const field = fieldOf(api, link.name)
        const builder = api.requestBuilder().getAll().select(api.schema.ALL_FIELDS, field).top(3)
        const { data } = await builder.executeRaw(client.destination)
        const target = models.get(service)?.sets.find(({ name }) => name === link.target) as SetModel
        for (const row of data.d.results) {
          const { [link.name]: nested, ...rest } = row
          const wrong = complaints(
            set,
            { ...deferred(set, row), ...rest, [link.name]: nested },
            client.sandbox.origin,
            new Set([link.name]),
          )
          const below = link.many ? nested.results : nested === null ? [] : [nested]
          wrong.push(...below.flatMap((it: any) => complaints(target, it, client.sandbox.origin)))
          expect(wrong, `${set.name}/${link.name}`).toEqual([])
          if (below.length === 0) continue
          const there = await client.get(`${row.__metadata.uri}/${link.name}`)
          expect(link.many ? there.d.results : [there.d], `${set.name}/${link.name}`).toEqual(below)
        }
        await builder.execute(client.destination)
      }
    }
  })

  test('finds the awkward row by every filterable field', async () => {
    for (const { set, api } of readable(service)) {
      const planted = awkwardRow(set)
      const fields = set.fields.filter(({ filterable }) => filterable)
      for (let from = 0; from < fields.length; from += 20) {
        const some = fields.slice(from, from + 20)
        const filters = some.map((field) => {
          return fieldOf(api, field.name).equals(typedOfRow(field, planted[field.name] ?? null))
        })
        const found = await api.requestBuilder().getAll().filter(and(filters)).top(2).executeRaw(client.destination)
        expect(found.data.d.results.length, `${set.name}: ${some.map(({ name }) => name)}`).toBeGreaterThan(0)
      }
    }
  })
})

/** `$select=*,to_X` shows no other links; they are added for the check. */
function deferred(set: SetModel, row: any) {
  return Object.fromEntries(
    set.links.map(({ name }) => [name, { __deferred: { uri: `${row.__metadata.uri}/${name}` } }]),
  )
}
