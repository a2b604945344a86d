import { join } from 'node:path'
import {
  CreateRequestBuilder,
  DeleteRequestBuilder,
  defaultDeSerializers,
  UpdateRequestBuilder,
} from '@sap-cloud-sdk/odata-v2'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SERVICES } from '../../../../../../connectors/sap-s4hana/sandbox/model.ts'
import { type Api, type SdkClient, startWithSdk } from './client.ts'
import { readIndependently } from './independent-model.ts'
import { propertyOf } from './typed-values.ts'

const MAINTENANCE = 'API_MAINTENANCEORDER'
let client: SdkClient
let work: Api
let time = Date.UTC(2026, 0, 15, 12)

beforeAll(async () => {
  client = await startWithSdk({ size: 30, now: () => time })
  work = client.api(MAINTENANCE, 'MaintenanceOrder')
}, 180_000)
afterAll(() => client?.sandbox.close())

const decimal = (text: string): any => defaultDeSerializers['Edm.Decimal'].deserialize(text)
const date = (ms: number): any => defaultDeSerializers['Edm.DateTime'].deserialize(`/Date(${ms})/`)
const create = (api: Api, fields: object): Promise<any> =>
  api.requestBuilder().create(api.entityBuilder().fromJson(fields)).execute(client.destination)
const update = (api: Api, entity: any): Promise<any> => api.requestBuilder().update(entity).execute(client.destination)
const byKey = (api: Api, ...key: any[]): Promise<any> =>
  api
    .requestBuilder()
    .getByKey(...key)
    .execute(client.destination)
const lastStatus = () => client.sandbox.requests.list.at(-1)?.status

async function first(api: Api): Promise<any> {
  const [row] = await api.requestBuilder().getAll().top(1).execute(client.destination)
  return row
}

describe('business partners, written by the SDK', () => {
  test('become suppliers with addresses, companies and purchasing organizations in one request', async () => {
    const partners = client.api('API_BUSINESS_PARTNER', 'A_BusinessPartner')
    const { businessPartner } = await create(partners, {
      businessPartnerCategory: '2',
      businessPartnerGrouping: 'BP02',
      organizationBpName1: `O'Hara & Söhne "Dichtungen"`,
      searchTerm1: 'OHARA',
      toBusinessPartnerRole: [{ businessPartnerRole: 'FLVN00' }, { businessPartnerRole: 'FLVN01' }],
      toBusinessPartnerAddress: [
        {
          country: 'DE',
          cityName: 'Köln',
          postalCode: '50667',
          language: 'EN',
          toEmailAddress: [{ emailAddress: 'orders@example.com' }],
        },
      ],
      toSupplier: {
        toSupplierCompany: [{ companyCode: '1010', reconciliationAccount: '21100000', paymentTerms: '0004' }],
        toSupplierPurchasingOrg: [{ purchasingOrganization: '1010', purchaseOrderCurrency: 'EUR' }],
      },
    })
    const { schema } = partners
    const [partner] = await partners
      .requestBuilder()
      .getAll()
      .filter(schema.BUSINESS_PARTNER.equals(businessPartner))
      .select(
        schema.ALL_FIELDS,
        schema.TO_SUPPLIER,
        schema.TO_BUSINESS_PARTNER_ADDRESS,
        schema.TO_BUSINESS_PARTNER_ROLE,
      )
      .execute(client.destination)
    expect(partner.organizationBpName1).toBe(`O'Hara & Söhne "Dichtungen"`)
    expect(partner.creationDate.valueOf()).toBe(Date.UTC(2026, 0, 15))
    expect(partner.creationTime).toEqual({ hours: 12, minutes: 0, seconds: 0 })
    expect(partner.toSupplier.supplier).toBe(partner.supplier)
    expect(partner.toBusinessPartnerAddress.map((it: any) => it.cityName)).toEqual(['Köln'])
    expect(partner.toBusinessPartnerRole).toHaveLength(2)
    const companies = client.api('API_BUSINESS_PARTNER', 'A_SupplierCompany')
    expect(await byKey(companies, partner.supplier, '1010')).toMatchObject({ paymentTerms: '0004' })
  })
})

describe('maintenance orders, written by the SDK', () => {
  const newWork = async (): Promise<any> => {
    const [equipment] = await client
      .api('API_EQUIPMENT', 'Equipment')
      .requestBuilder()
      .getAll()
      .top(1)
      .execute(client.destination)
    const entity = work.entityBuilder().fromJson({
      maintenanceOrderType: 'YA01',
      maintenanceOrderDesc: 'Replace seal',
      maintenancePlanningPlant: '1010',
      mainWorkCenter: 'RES-0100',
      equipment: equipment.equipment,
      maintOrdBasicStartDateTime: defaultDeSerializers['Edm.DateTimeOffset'].deserialize('/Date(1768723200000+0000)/'),
      toMaintenanceOrderOperation: [
        { operationDescription: 'Swap seal', maintOrdOperationWorkDuration: decimal('2.5') },
      ],
    })
    return work.requestBuilder().create(entity).execute(client.destination)
  }

  test('are changed with the version that was read', async () => {
    const { maintenanceOrder } = await newWork()
    const order = await byKey(work, maintenanceOrder)
    expect(order.versionIdentifier).toMatch(/^W\/"/)
    expect(order.maintOrdBasicStartDateTime.valueOf()).toBe(1768723200000)
    time += 60_000
    order.maintenanceOrderDesc = 'Replace both seals'
    await update(work, order)
    expect(lastStatus()).toBe(204)
    const changed = await byKey(work, maintenanceOrder)
    expect(changed.maintenanceOrderDesc).toBe('Replace both seals')
    expect(changed.versionIdentifier).not.toBe(order.versionIdentifier)
  })

  test('keep the change of another user: a stale version is refused, any version passes', async () => {
    const { maintenanceOrder } = await newWork()
    const mine = await byKey(work, maintenanceOrder)
    const theirs = await byKey(work, maintenanceOrder)
    time += 60_000
    theirs.maintenanceOrderDesc = 'Theirs'
    await update(work, theirs)
    mine.maintenanceOrderDesc = 'Mine'
    await expect(update(work, mine)).rejects.toThrow()
    expect(lastStatus()).toBe(412)
    await expect(
      work.requestBuilder().update(mine).setVersionIdentifier(undefined).execute(client.destination),
    ).rejects.toThrow()
    expect(lastStatus()).toBe(428)
    await work.requestBuilder().update(mine).ignoreVersionIdentifier().execute(client.destination)
    expect((await byKey(work, maintenanceOrder)).maintenanceOrderDesc).toBe('Mine')
  })

  test('are released and completed by functions, whose result stands in their name or bare', async () => {
    const { maintenanceOrder } = await newWork()
    const { operations } = client.service(MAINTENANCE)
    const call = (name: string, parameters: object, ...accessor: any[]) =>
      operations[name]?.(parameters)
        .addCustomHeaders({ 'If-Match': '*' })
        .execute(client.destination, ...accessor)
    const released = await call(
      'releaseMaintenanceOrder',
      { maintenanceOrder },
      (data: any) => data.d.ReleaseMaintenanceOrder,
    )
    expect(released).toMatchObject({ isInvalid: false })
    expect((await byKey(work, maintenanceOrder)).systemStatusText).toMatch(/^REL/)
    client.sandbox.switches.wrapFunctionResult = false
    const completed = await call('setMaintOrdToTechCompleted', {
      maintenanceOrder,
      maintOrderReferenceDateTime: defaultDeSerializers['Edm.DateTimeOffset'].deserialize(`/Date(${time}+0000)/`),
      mainWrkCmpltdDateTimeIsUsed: false,
      assignedMaintNotifIsToBeClosed: false,
    })
    client.sandbox.switches.wrapFunctionResult = true
    expect(completed).toMatchObject({ isInvalid: false })
    expect((await byKey(work, maintenanceOrder)).systemStatusText).toMatch(/^TECO/)
    await expect(call('releaseMaintenanceOrder', { maintenanceOrder })).rejects.toThrow()
    expect(lastStatus()).toBe(400)
  })
})

describe('technical objects, written by the SDK', () => {
  test('are changed by a key that holds a date, with the version that was read', async () => {
    const api = client.api('API_EQUIPMENT', 'Equipment')
    const { equipment, validityEndDate } = await first(api)
    const read = await byKey(api, equipment, validityEndDate)
    expect(read.versionIdentifier).toMatch(/^W\/"/)
    time += 60_000
    read.equipmentName = 'Pumpe "3" & mehr'
    await update(api, read)
    expect(lastStatus()).toBe(204)
    const changed = await byKey(api, equipment, validityEndDate)
    expect(changed.equipmentName).toBe('Pumpe "3" & mehr')
    expect(changed.lastChangeDateTime.valueOf()).toBe(time)
    const { operations } = client.service('API_EQUIPMENT')
    await operations['setEquipToMarkedForDeletion']?.({ equipment, validityEndDate })
      .addCustomHeaders({ 'If-Match': '*' })
      .execute(client.destination)
    expect((await byKey(api, equipment, validityEndDate)).equipmentIsMarkedForDeletion).toBe(true)
  })

  test('are functional locations too', async () => {
    const api = client.api('API_FUNCTIONALLOCATION', 'FunctionalLocation')
    const { functionalLocation } = await first(api)
    const read = await byKey(api, functionalLocation)
    time += 60_000
    read.functionalLocationName = 'Pumpenhaus'
    await update(api, read)
    expect((await byKey(api, functionalLocation)).functionalLocationName).toBe('Pumpenhaus')
  })

  test('are reported on: notifications are created, put in process and completed', async () => {
    const api = client.api('API_MAINTNOTIFICATION', 'MaintenanceNotification')
    const { equipment } = await first(client.api('API_EQUIPMENT', 'Equipment'))
    const { maintenanceNotification } = await create(api, {
      notificationType: 'M1',
      notificationText: 'Leck',
      technicalObject: equipment,
      techObjIsEquipOrFuncnlLoc: 'EAMS_EQUI',
    })
    const { operations } = client.service('API_MAINTNOTIFICATION')
    const call = (name: string, parameters: object) =>
      operations[name]?.({ maintenanceNotification, ...parameters })
        .addCustomHeaders({ 'If-Match': '*' })
        .execute(client.destination)
    await call('setMaintNotifToInProcess', {})
    await call('completeMaintNotification', {
      notificationReferenceDate: date(Date.UTC(2026, 0, 15)),
      notificationReferenceTime: { hours: 12, minutes: 0, seconds: 0 },
    })
    expect((await byKey(api, maintenanceNotification)).notificationText).toBe('Leck')
  })
})

describe('products, written by the SDK', () => {
  test('are renamed in one language, by a key of two parts', async () => {
    const descriptions = client.api('API_PRODUCT_SRV', 'A_ProductDescription')
    const one = await first(descriptions)
    one.productDescription = 'Dichtung 40 mm – "neu"'
    await update(descriptions, one)
    expect(lastStatus()).toBe(204)
    expect((await byKey(descriptions, one.product, one.language)).productDescription).toBe('Dichtung 40 mm – "neu"')
  })
})

describe('what the metadata forbids, tried by the SDK', () => {
  test.each(SERVICES)('is refused with 405: %s', async (service) => {
    const answers: string[] = []
    const expected: string[] = []
    const attempt = async (what: string, builder: any) => {
      expected.push(`${what} 405`)
      await builder.executeRaw(client.destination).catch(() => null)
      answers.push(`${what} ${lastStatus()}`)
    }
    for (const set of readIndependently(join(client.served, `${service}.edmx`)).sets) {
      if (!set.addressable) continue
      const api = client.api(service, set.name)
      const row = await first(api)
      if (row === undefined) continue
      const changing = set.fields.find(({ name, type }) => !set.keys.includes(name) && type === 'Edm.String')
      const entity: any = api.entityBuilder().fromJson({})
      if (!set.creatable) await attempt(`creating ${set.name}`, new CreateRequestBuilder(api as any, entity))
      if (!set.deletable)
        await attempt(`deleting ${set.name}`, new DeleteRequestBuilder(api as any, row).ignoreVersionIdentifier())
      if (set.updatable || changing === undefined) continue
      const changed = Object.assign(row, { [propertyOf(row, changing.name)]: 'X' })
      await attempt(`updating ${set.name}`, new UpdateRequestBuilder(api as any, changed).ignoreVersionIdentifier())
    }
    expect(answers).toEqual(expected)
  })
})
