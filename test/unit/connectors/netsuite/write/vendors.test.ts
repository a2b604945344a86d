import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { vendors } from '../../../../../connectors/netsuite/read/vendors.ts'
import { createVendor, deleteVendor, updateVendor } from '../../../../../connectors/netsuite/write/vendor.ts'
import { versionNow } from '../../../../../connectors/netsuite/write/versions.ts'
import { type Books, failureOf, openAccount } from './driver.ts'

let books: Books
beforeAll(async () => {
  books = await openAccount()
})
afterAll(() => books.close())

const FULL = {
  vendor_number: 'V-100',
  name: 'Kai Sieben',
  organization: '1',
  email: 'orders@kai.example',
  phone: '+49 40 12345',
  tax_id: 'DE123456789',
  address_line1: 'Kai 7',
  address_line2: 'Hof 2',
  city: 'Hamburg',
  region: 'HH',
  postal_code: '20095',
  country: 'DE',
  currency: 'EUR',
  payment_terms: 'Net 45',
  is_active: true,
  notes: 'Only on weekdays',
}
let number = 0
const fresh = () => ({ name: `Vendor ${++number}` })
const made = async (over: object = {}) => (await books.run(createVendor, { payload: { ...fresh(), ...over } })).target

describe('a new vendor', () => {
  test('reads back as it was sent, every field', async () => {
    const outcome = await books.run(createVendor, { id: 'full-vendor', payload: FULL })
    expect(outcome).toMatchObject({ replay: false, httpStatus: 204 })
    expect(outcome.partial).toBeUndefined()
    expect(await books.unified(vendors, outcome.target)).toMatchObject(FULL)
    expect(books.rows('vendor', { externalid: 'tributary-full-vendor' })).toHaveLength(1)
  })

  test('is found again after its answer was lost', async () => {
    const command = { id: 'lost-vendor', payload: fresh() }
    books.sandbox.switches.cutAfter = 1
    expect(await failureOf(books.run(createVendor, command))).toMatchObject({ kind: 'outcome-unknown' })
    expect(await books.find(createVendor, command)).toMatchObject({ replay: true })
  })

  test('is not found when the connection broke before it was made', async () => {
    const command = { id: 'never-vendor', payload: fresh() }
    books.sandbox.switches.cutBefore = 1
    expect(await failureOf(books.run(createVendor, command))).toMatchObject({ kind: 'outcome-unknown' })
    expect(await books.find(createVendor, command)).toBe('not-applied')
    expect(await books.run(createVendor, command)).toMatchObject({ replay: false })
  })

  test('that NetSuite made and answered with an error is looked for, not made again', async () => {
    const command = { id: 'failed-vendor', payload: fresh() }
    books.sandbox.switches.failAfter = 1
    expect(await failureOf(books.run(createVendor, command))).toMatchObject({ kind: 'outcome-unknown', status: 500 })
    expect(await books.find(createVendor, command)).toMatchObject({ replay: true })
  })

  test('is made once however often it is sent, whatever NetSuite calls a duplicate', async () => {
    for (const code of ['DUP_RCRD', 'USER_ERROR'] as const) {
      books.sandbox.switches.duplicateCode = code
      const command = { id: `twice-vendor-${code}`, payload: fresh() }
      const first = await books.run(createVendor, command)
      expect(await books.run(createVendor, command)).toMatchObject({ target: first.target, replay: true })
      expect(books.rows('vendor', { externalid: `tributary-twice-vendor-${code}` })).toHaveLength(1)
    }
  })

  test('is known although NetSuite does not tell where it is', async () => {
    books.sandbox.switches.noLocation = 'always'
    const outcome = await books.run(createVendor, { id: 'nowhere-vendor', payload: fresh() })
    books.sandbox.switches.noLocation = 'never'
    expect(String(books.rows('vendor', { externalid: 'tributary-nowhere-vendor' })[0]?.['id'])).toBe(outcome.target)
  })

  test('with a misspelled native field is refused by the field that brought it', async () => {
    const payload = { ...fresh(), custom_fields: '{"legalNmae":"Typo GmbH"}' }
    const failure = await failureOf(books.run(createVendor, { payload }))
    expect(failure).toMatchObject({
      kind: 'rejected',
      fields: [{ code: 'UNSUPPORTED_FIELD', nativeField: 'legalNmae' }],
    })
  })

  test('whose value was accepted and dropped tells so', async () => {
    books.sandbox.switches.silentNoOpFields.add('vendor.comments')
    const outcome = await books.run(createVendor, { payload: { ...fresh(), notes: 'unheard' } })
    books.sandbox.switches.silentNoOpFields.clear()
    expect(outcome.partial).toMatchObject([{ field: 'notes', code: 'NOT_WRITABLE', nativeField: 'comments' }])
  })

  test('with a currency and terms that nobody knows is refused for both, and nothing is sent', async () => {
    const before = books.writes().length
    const failure = await failureOf(
      books.run(createVendor, { payload: { ...fresh(), currency: 'XXX', payment_terms: 'Never' } }),
    )
    expect(failure.fields).toMatchObject([
      { field: 'currency', code: 'INVALID_REFERENCE' },
      { field: 'payment_terms', code: 'INVALID_REFERENCE' },
    ])
    expect(books.writes()).toHaveLength(before)
  })

  test('whose name is taken is refused', async () => {
    const failure = await failureOf(books.run(createVendor, { payload: { name: 'Nordhafen' } }))
    expect(failure).toMatchObject({ kind: 'rejected', fields: [{ code: 'DUPLICATE' }] })
  })

  test('that needs a permission the role lacks is refused, and the connection goes on', async () => {
    books.sandbox.switches.betaRecords.add('vendor')
    const failure = await failureOf(books.run(createVendor, { payload: fresh() }))
    books.sandbox.switches.betaRecords.clear()
    expect(failure).toMatchObject({ kind: 'rejected', fields: [{ code: 'PERMISSION' }] })
  })

  test('is made with another token when the one it had is dead', async () => {
    books.sandbox.expireTokens()
    expect(await books.run(createVendor, { payload: fresh() })).toMatchObject({ replay: false })
  })
})

describe('a change of a vendor', () => {
  test('leaves what it does not name as it is', async () => {
    const target = await made({ ...FULL, vendor_number: 'V-200', name: 'Vor der Änderung' })
    const before = await books.unified(vendors, target)
    await books.run(updateVendor, { target, payload: { phone: '+49 40 999', city: 'Bremen' } })
    expect(await books.unified(vendors, target)).toEqual({
      ...before,
      phone: '+49 40 999',
      city: 'Bremen',
      updated_at: expect.any(Number),
    })
    expect(books.rows('vendoraddressbook', { entity: Number(target) })).toHaveLength(1)
  })

  test('clears the fields that it names', async () => {
    const target = await made({ notes: 'old', email: 'old@example.com', phone: '1' })
    await books.run(updateVendor, { target, payload: { clear_fields: ['notes', 'email'] } })
    expect(await books.unified(vendors, target)).toMatchObject({ notes: null, email: null, phone: '1' })
  })

  test('gives a vendor without address its first one', async () => {
    const target = await made()
    await books.run(updateVendor, { target, payload: { city: 'Kiel', country: 'DE' } })
    expect(await books.unified(vendors, target)).toMatchObject({ city: 'Kiel', country: 'DE' })
  })

  test('is refused when the record is not the one that the client saw', async () => {
    const target = await made({ notes: 'seen' })
    const about = { entity: 'vendor', mapping: books.mapping } as const
    const seen = await versionNow(books.session, vendors, about, target, books.signal)
    await books.run(updateVendor, { target, payload: { notes: 'changed by another' } })
    const payload = { notes: 'mine' }
    const failure = await failureOf(books.run(updateVendor, { target, payload, expectedVersion: seen ?? '' }))
    expect(failure.name).toBe('ConflictError')
    expect(await books.unified(vendors, target)).toMatchObject({ notes: 'changed by another' })
    await books.run(updateVendor, { target, payload, expectedVersion: failure.currentVersion })
    expect(await books.unified(vendors, target)).toMatchObject({ notes: 'mine' })
  })

  test('that was accepted and changed nothing is refused', async () => {
    const target = await made()
    books.sandbox.switches.silentNoOpFields.add('vendor.comments')
    const failure = await failureOf(books.run(updateVendor, { target, payload: { notes: 'unheard' } }))
    books.sandbox.switches.silentNoOpFields.clear()
    expect(failure).toMatchObject({ kind: 'rejected', fields: [{ field: 'notes', code: 'NOT_WRITABLE' }] })
  })

  test('whose answer was lost is found by what it left', async () => {
    const command = { target: await made(), payload: { notes: 'arrived', is_active: false } }
    expect(await books.find(updateVendor, command)).toBe('not-applied')
    books.sandbox.switches.cutAfter = 1
    expect(await failureOf(books.run(updateVendor, command))).toMatchObject({ kind: 'outcome-unknown' })
    expect(await books.find(updateVendor, command)).toMatchObject({ target: command.target, replay: true })
  })

  test('that meets another one is tried again later', async () => {
    books.sandbox.switches.recordChanged = 1
    const command = { target: await made(), payload: { notes: 'x' } }
    expect(await failureOf(books.run(updateVendor, command))).toMatchObject({ kind: 'retryable' })
    expect(await books.run(updateVendor, command)).toMatchObject({ replay: false })
  })

  test('of a vendor that is not there is refused', async () => {
    const failure = await failureOf(books.run(updateVendor, { target: '424242', payload: { notes: 'x' } }))
    expect(failure).toMatchObject({ kind: 'rejected', fields: [{ code: 'NOT_FOUND' }] })
  })
})

describe('the deletion of a vendor', () => {
  test('is found although its answer was lost', async () => {
    const target = await made()
    expect(await books.find(deleteVendor, { target })).toBe('not-applied')
    books.sandbox.switches.cutAfter = 1
    expect(await failureOf(books.run(deleteVendor, { target }))).toMatchObject({ kind: 'outcome-unknown' })
    expect(await books.find(deleteVendor, { target })).toMatchObject({ target, replay: true })
  })

  test('is refused while something refers to it', async () => {
    const target = await made()
    books.sandbox.store.insert('transaction', { id: 424_001, type: 'PurchOrd', entity: Number(target), status: 'B' })
    const failure = await failureOf(books.run(deleteVendor, { target }))
    expect(failure).toMatchObject({ kind: 'rejected', fields: [{ code: 'STATE_NOT_ALLOWED' }] })
  })
})

test('a login that is refused waits for the connection to be mended', async () => {
  const locked = await openAccount()
  try {
    locked.sandbox.revokeCertificate()
    locked.sandbox.expireTokens()
    expect(await failureOf(locked.run(createVendor, { payload: fresh() }))).toMatchObject({ kind: 'auth' })
  } finally {
    await locked.close()
  }
})

test('what NetSuite has no room or no time for waits, and was not made', async () => {
  const busy = await openAccount()
  try {
    busy.sandbox.switches.maintenance = true
    expect(await failureOf(busy.run(createVendor, { payload: fresh() }))).toMatchObject({ kind: 'retryable' })
    busy.sandbox.switches.maintenance = false
    busy.sandbox.switches.heldRequests = 5
    expect(await failureOf(busy.run(createVendor, { payload: fresh() }))).toMatchObject({ kind: 'rate-limited' })
    expect(busy.rows('vendor')).toHaveLength(1)
  } finally {
    await busy.close()
  }
})

test('an account without subsidiaries takes a vendor without one, and refuses one that names one', async () => {
  const small = await openAccount({ account: { oneWorld: false } })
  try {
    expect((await small.run(createVendor, { payload: fresh() })).partial).toBeUndefined()
    const failure = await failureOf(small.run(createVendor, { payload: { ...fresh(), organization: '1' } }))
    expect(failure).toMatchObject({ kind: 'rejected', fields: [{ field: 'organization', code: 'UNSUPPORTED_FIELD' }] })
  } finally {
    await small.close()
  }
})

test('a missing subsidiary is told with the setting that gives it', async () => {
  const bare = await openAccount({}, { subsidiary: null })
  try {
    const failure = await failureOf(bare.run(createVendor, { payload: fresh() }))
    expect(failure.fields).toMatchObject([{ field: 'organization', code: 'REQUIRED' }])
    expect(failure.message).toContain('setting subsidiary')
  } finally {
    await bare.close()
  }
})
