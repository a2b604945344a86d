import { expect, test } from 'vitest'
import { users } from '../../../../connectors/netsuite/read/users.ts'
import type { JsonObject } from '../../../../core/index.ts'
import { fakeSession } from './fake-session.ts'
import { reading } from './payloads.ts'

const employee = {
  id: '40',
  entityid: 'E40',
  firstname: 'Kim',
  lastname: 'Roe',
  email: 'kim@example.com',
  phone: '123',
  title: 'Fitter',
  isinactive: 'F',
  subsidiary: '1',
  lastmodified: '2026-01-15 10:00:00',
}
const map = (row: JsonObject = {}) =>
  reading(users, fakeSession({ tables: { employee: [{ ...employee, ...row }] } }).session).unified()

test('an employee', async () => {
  expect(await map()).toEqual({
    display_name: 'E40 Kim Roe',
    source_url: 'https://1234567-sb1.app.netsuite.com/app/common/entity/employee.nl?id=40',
    organization: '1',
    created_at: null,
    updated_at: Date.parse('2026-01-15T10:00:00Z'),
    version: null,
    custom_fields: null,
    user_number: 'E40',
    name: 'Kim Roe',
    first_name: 'Kim',
    last_name: 'Roe',
    email: 'kim@example.com',
    phone: '123',
    job_title: 'Fitter',
    role: null,
    is_active: true,
  })
})

test('an account that does not number its employees shows the name once', async () =>
  expect(await map({ entityid: 'Kim Roe' })).toMatchObject({ display_name: 'Kim Roe', user_number: 'Kim Roe' }))

test('an inactive one, and one without a name', async () =>
  expect(await map({ isinactive: 'T', firstname: null, lastname: null })).toMatchObject({
    name: 'E40',
    display_name: 'E40',
    is_active: false,
  }))
