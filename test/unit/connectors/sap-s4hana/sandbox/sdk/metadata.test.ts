import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readModel } from '../../../../../../connectors/sap-s4hana/sandbox/edmx.ts'
import { SERVICES } from '../../../../../../connectors/sap-s4hana/sandbox/model.ts'
import { rootOf, type SdkClient, startWithSdk } from './client.ts'
import { readIndependently } from './independent-model.ts'

const EDMX = fileURLToPath(new URL('../../../../../../connectors/sap-s4hana/sandbox/metadata/', import.meta.url))
let client: SdkClient

beforeAll(async () => {
  client = await startWithSdk({ size: 0 })
}, 180_000)
afterAll(() => client?.sandbox.close())

describe.each(SERVICES)('the metadata of %s', (service) => {
  test('is served as SAP publishes it, by the reading of another parser', () => {
    const served = join(client.served, `${service}.edmx`)
    expect(readIndependently(served)).toEqual(readIndependently(join(EDMX, `${service}.edmx`)))
    expect(readFileSync(served, 'utf8')).toBe(readFileSync(join(EDMX, `${service}.edmx`), 'utf8'))
  })

  test('is read by the sandbox as another parser reads it: sets, keys, facets, flags, links, functions', () => {
    const { sets, operations } = readIndependently(join(client.served, `${service}.edmx`))
    const model = readModel(service)
    const ours = [...model.sets.values()].map((set) => ({
      name: set.name,
      type: set.type.qualifiedName,
      keys: set.type.keys,
      fields: [...set.type.properties.values()].map(({ isKey: _, pad: __, ...field }) => field),
      links: [...set.type.navigations.values()].map(({ name, target, many }) => ({ name, target: target.name, many })),
      creatable: set.creatable,
      updatable: set.updatable,
      deletable: set.deletable,
      addressable: set.addressable,
    }))
    const theirs = sets.map((set) => ({ ...set, fields: set.fields.map(({ format: _, ...field }) => field) }))
    expect(ours).toEqual(theirs)
    expect(
      [...model.functions.values()].map(({ name, method, returnType, parameters }) => ({
        name,
        method,
        returnType,
        parameters: parameters.map(({ name, type }) => ({ name, type })),
      })),
    ).toEqual(operations)
  })

  test('gives a client with an API for every set and a function for every function import', async () => {
    const { sets, operations } = readIndependently(join(client.served, `${service}.edmx`))
    const generated = client.service(service)
    const names = new Set(sets.map(({ name }) => name))
    expect(new Set(generated.apis.keys())).toEqual(names)
    expect(Object.keys(generated.operations)).toHaveLength(operations.length)
    const document = await client.get(`${rootOf(service)}/`)
    expect(new Set(document.d.EntitySets)).toEqual(names)
  })
})
