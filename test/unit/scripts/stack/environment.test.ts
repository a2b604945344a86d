import { expect, test } from 'vitest'
import { givenAddresses } from '../../../../scripts/stack/environment.ts'

test('no variables: nothing is given', () => {
  expect(givenAddresses({})).toEqual({})
})

test('any subset of addresses is taken', () => {
  expect(
    givenAddresses({
      TRIBUTARY_KAFKA_BROKERS: 'a:9092,b:9092',
      TRIBUTARY_POSTGRES_URL: 'postgresql://me:secret@db/erp',
      TRIBUTARY_REGISTRY_URL: '',
    }),
  ).toEqual({ kafka: 'a:9092,b:9092', postgres: 'postgresql://me:secret@db/erp' })
})

test('Tryton comes with database and login, which have defaults', () => {
  expect(
    givenAddresses({ TRIBUTARY_TRYTON_URL: 'http://erp:8000/', TRIBUTARY_TRYTON_DATABASE: 'prod' }).tryton,
  ).toEqual({
    url: 'http://erp:8000',
    database: 'prod',
    user: 'admin',
    password: 'admin',
  })
})

test('addresses as Connect sees them are kept apart', () => {
  const given = givenAddresses({ TRIBUTARY_POSTGRES_URL_FROM_CONNECT: 'postgresql://u:p@postgres:5432/erp' })
  expect(given).toEqual({ fromConnect: { postgres: 'postgresql://u:p@postgres:5432/erp' } })
})

test('all that is wrong is said at once', () => {
  expect(() =>
    givenAddresses({
      TRIBUTARY_KAFKA_BROKERS: 'localhost',
      TRIBUTARY_REGISTRY_URL: 'registry:8081',
      TRIBUTARY_CONNECT_URL: 'http://connect:8083',
      TRIBUTARY_POSTGRES_URL: 'http://db',
    }),
  ).toThrow(/KAFKA_BROKERS must be host:port.*TRIBUTARY_REGISTRY_URL must be.*TRIBUTARY_POSTGRES_URL must be/)
})
