import { describe, expect, test } from 'vitest'
import { users } from '../../../../connectors/sap-s4hana/read/users.ts'
import type { JsonObject } from '../../../../core/index.ts'
import { fakeSession } from './fake-session.ts'
import { changedSince, day, many, reading, settings, snapshot } from './payloads.ts'

const person = (more: JsonObject = {}): JsonObject => ({
  BusinessPartner: '9980000012',
  BusinessPartnerCategory: '1',
  BusinessPartnerFullName: 'Ada Lovelace',
  PersonFullName: 'Ada Lovelace',
  FirstName: 'Ada',
  LastName: 'Lovelace',
  Customer: '',
  Supplier: '',
  BusinessPartnerIsBlocked: false,
  IsMarkedForArchiving: false,
  CreationDate: '/Date(1767225600000)/',
  CreationTime: 'PT08H15M00S',
  LastChangeDate: '/Date(1768435200000)/',
  LastChangeTime: 'PT10H00M00S',
  to_BusinessPartnerRole: many({ BusinessPartnerRole: 'BUP003' }),
  ...more,
})
const map = (more: JsonObject = {}) => users.toUnified(person(more), settings, '9980000012')

test('a person', () => {
  expect(map()).toEqual({
    display_name: '9980000012 Ada Lovelace',
    source_url: null,
    organization: null,
    created_at: Date.parse('2026-01-01T08:15:00Z'),
    updated_at: Date.parse('2026-01-15T10:00:00Z'),
    version: null,
    custom_fields: null,
    user_number: '9980000012',
    name: 'Ada Lovelace',
    first_name: 'Ada',
    last_name: 'Lovelace',
    email: null,
    phone: null,
    job_title: null,
    role: null,
    is_active: true,
  })
})

test('the name from its parts, else the number', () => {
  const nameless = { PersonFullName: '', BusinessPartnerFullName: '' }
  expect(map(nameless).name).toBe('Ada Lovelace')
  expect(map({ ...nameless, FirstName: '' }).name).toBe('Lovelace')
  expect(map({ ...nameless, FirstName: '', LastName: '' }).name).toBe('9980000012')
})

test('blocked or about to be archived is not active', () => {
  expect([map({ BusinessPartnerIsBlocked: true }).is_active, map({ IsMarkedForArchiving: true }).is_active]).toEqual([
    false,
    false,
  ])
})

test('mail and phone of the address; the mail that hangs on no address is second', () => {
  const address = many({
    AddressID: '1',
    to_EmailAddress: many({ EmailAddress: 'ada@works.example' }),
    to_PhoneNumber: many({ InternationalPhoneNumber: '+494012345678' }),
  })
  const own = many({ EmailAddress: 'ada@home.example' })
  const both = map({ to_BusinessPartnerAddress: address, to_AddressIndependentEmail: own })
  expect([both.email, both.phone]).toEqual(['ada@works.example', '+494012345678'])
  expect(map({ to_AddressIndependentEmail: own }).email).toBe('ada@home.example')
})

test('times are those of the system', () => {
  const berlin = { ...settings, settings: { ...settings.settings, system_time_zone: 'Europe/Berlin' } }
  expect(users.toUnified(person(), berlin, '9980000012').updated_at).toBe(Date.parse('2026-01-15T09:00:00Z'))
})

describe('reading', () => {
  const deferred = { __deferred: { uri: 'https://s4.example/x' } }
  const people = [
    person({ BusinessPartner: '1' }),
    person({ BusinessPartner: '2', to_BusinessPartnerRole: many({ BusinessPartnerRole: 'FLVN00' }) }),
    person({ BusinessPartner: '3', to_BusinessPartnerRole: deferred }),
    person({ BusinessPartner: '4', to_BusinessPartnerRole: many(), Supplier: '10300001' }),
    person({ BusinessPartner: '5', BusinessPartnerCategory: '2' }),
    person({ BusinessPartner: '6', LastChangeDate: null, LastChangeTime: 'PT00H00M00S' }),
  ]
  const reader = reading(users, fakeSession({ 'API_BUSINESS_PARTNER/A_BusinessPartner': people }).session)

  test('persons with the role of an employee; without roles, those that are no supplier or customer', async () => {
    expect(await reader.keys(snapshot)).toEqual(['1', '3', '6'])
    expect(await reader.listed()).toEqual(['1', '3', '6'])
  })
  test('one alone reads the same, and nobody else is read so', async () => {
    const [first] = await reader.records(snapshot)
    expect(await reader.one('1')).toEqual(first)
    expect([await reader.one('2'), await reader.one('5'), await reader.one('9')]).toEqual([null, null, null])
  })
  test('what changed since, to the second; never changed is as old as its creation', async () => {
    expect(await reader.keys(changedSince('2026-01-15T10:00:00Z'))).toEqual(['1', '3'])
    expect(await reader.keys(changedSince('2026-01-15T10:00:01Z'))).toEqual([])
    expect((await reader.records(snapshot)).at(-1)?.modifiedAt).toBe(Date.parse('2026-01-01T08:15:00Z'))
  })
  test('a person with a date that is none is reported', async () => {
    const spoiled = [
      person({ BusinessPartner: '1', LastChangeDate: 'x' }),
      person({ BusinessPartner: '2', to_BusinessPartnerAddress: many({ ValidityEndDate: 'x' }) }),
      person({ CreationDate: day('2026-01-01') }),
    ]
    const other = reading(users, fakeSession({ 'API_BUSINESS_PARTNER/A_BusinessPartner': spoiled }).session)
    expect((await other.undecodable(snapshot)).map(({ key }) => key)).toEqual(['1', '2'])
    expect(await other.keys(snapshot)).toEqual(['9980000012'])
  })
})
