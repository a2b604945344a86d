import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { vendors } from '../../../../../connectors/sap-s4hana/read/vendors.ts'
import { createVendor } from '../../../../../connectors/sap-s4hana/write/vendor-create.ts'
import { deleteVendor, updateVendor } from '../../../../../connectors/sap-s4hana/write/vendor-update.ts'
import { failureOf, openSap, type Sap } from './driver.ts'

let sap: Sap

beforeAll(async () => {
  sap = await openSap()
})
afterEach(() => {
  Object.assign(sap.sandbox.switches, { cutAfter: 0, cutBefore: 0, emptyNestedOnCreate: false })
  sap.sandbox.switches.silentNoOpFields.clear()
  sap.sandbox.switches.locks.clear()
})
afterAll(() => sap.close())

const NEW = {
  name: 'Nordhafen Dichtungen GmbH',
  email: 'orders@nordhafen.example',
  phone: '+49 40 1234567',
  tax_id: 'DE123456789',
  address_line1: 'Kai 7',
  city: 'Hamburg',
  postal_code: '20095',
  country: 'DE',
  currency: 'EUR',
  payment_terms: '0001',
  clear_fields: [],
}

async function unified(target: string) {
  const record = await vendors.readOne(sap.session, target, sap.signal)
  if (record === null) throw new Error(`no vendor ${target}`)
  return vendors.toUnified(record.payload, sap.mapping, target)
}

describe('a vendor', () => {
  test('is created with address, contacts and terms, and reads back as it was sent', async () => {
    const outcome = await sap.run(createVendor, { payload: NEW })
    expect(outcome.partial).toBeUndefined()
    const { clear_fields: _none, phone, ...told } = NEW
    const vendor = await unified(outcome.target)
    expect(vendor).toMatchObject({ ...told, is_active: true, organization: '1010' })
    expect(vendor.phone?.replace(/\D/g, '')).toContain('1234567')
    expect(phone).toContain('1234567')
  })

  test('is made once, and found again when the answer was lost', async () => {
    sap.sandbox.switches.cutAfter = 1
    const command = { id: 'vendor-lost-1', payload: { ...NEW, name: 'Lost Ltd' } }
    expect((await failureOf(sap.run(createVendor, command))).kind).toBe('outcome-unknown')
    const found = await sap.find(createVendor, command)
    expect(found).toMatchObject({ replay: true })
    expect(await unified((found as { target: string }).target)).toMatchObject({ name: 'Lost Ltd' })
    expect(await sap.find(createVendor, { ...command, id: 'vendor-lost-2' })).toBe('not-applied')
  })

  test('is told whole although SAP shows nested rows as empty when it answers', async () => {
    sap.sandbox.switches.emptyNestedOnCreate = true
    const outcome = await sap.run(createVendor, { payload: NEW })
    expect(outcome.partial).toBeUndefined()
  })

  test('changes in the sets that own the fields, and nowhere else', async () => {
    const { target } = await sap.run(createVendor, { payload: NEW })
    const before = await unified(target)
    const outcome = await sap.run(updateVendor, {
      target,
      payload: {
        name: 'Nordhafen SE',
        city: 'Kiel',
        email: 'neu@nordhafen.example',
        is_blocked: true,
        payment_terms: '0002',
        clear_fields: [],
      },
    })
    expect(outcome.partial).toBeUndefined()
    const after = await unified(target)
    expect(after).toEqual({
      ...before,
      name: 'Nordhafen SE',
      display_name: after.display_name,
      city: 'Kiel',
      email: 'neu@nordhafen.example',
      is_blocked: true,
      payment_terms: '0002',
      updated_at: after.updated_at,
    })
  })

  test('loses what is cleared, and gets contacts that it did not have', async () => {
    const { target } = await sap.run(createVendor, { payload: { ...NEW, email: null, tax_id: null } })
    const outcome = await sap.run(updateVendor, {
      target,
      payload: { email: 'first@nordhafen.example', tax_id: 'DE987654321', clear_fields: ['phone', 'postal_code'] },
    })
    expect(outcome.partial).toBeUndefined()
    expect(await unified(target)).toMatchObject({
      email: 'first@nordhafen.example',
      tax_id: 'DE987654321',
      phone: null,
      postal_code: null,
    })
  })

  test('that SAP leaves as it was is refused with the field', async () => {
    const { target } = await sap.run(createVendor, { payload: NEW })
    sap.sandbox.switches.silentNoOpFields.add('A_BusinessPartnerAddress.CityName')
    const error = await failureOf(sap.run(updateVendor, { target, payload: { city: 'Bremen' } }))
    expect(error.fields).toMatchObject([{ field: 'city', code: 'NOT_WRITABLE' }])
  })

  test('is marked for deletion, never gone', async () => {
    const { target } = await sap.run(createVendor, { payload: NEW })
    const outcome = await sap.run(deleteVendor, { target })
    expect(outcome.warnings).toHaveLength(1)
    expect((await unified(target)).is_active).toBe(false)
    expect(await sap.find(deleteVendor, { target })).toMatchObject({ replay: true })
  })

  test('without a name, or of a grouping that nobody set, is refused with every reason', async () => {
    const error = await failureOf(sap.run(createVendor, { payload: { name: null, clear_fields: ['country'] } }))
    expect(error.fields.map(({ field }: any) => field)).toEqual(['name', 'country'])
  })
})
