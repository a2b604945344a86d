import { expect, test } from 'vitest'
import { isPrivateAddress, publicLookup, refusePrivateLiteral } from '../../../../core/http/addresses.ts'

test.each([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  'fd00::1',
  'fe80::1',
  'ff02::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::FFFF:10.0.0.1',
  '::ffff:a9fe:a9fe',
])('%s is private', (address) => {
  expect(isPrivateAddress(address)).toBe(true)
})

test.each([
  '1.1.1.1',
  '100.128.0.1',
  '172.32.0.1',
  '192.169.0.1',
  '2606:4700::1111',
  '::ffff:1.1.1.1',
  '::ffff:101:101',
])('%s is public', (address) => {
  expect(isPrivateAddress(address)).toBe(false)
})

test.each([
  'http://127.0.0.1:8000/',
  'http://2130706433/',
  'http://0x7f.1/',
  'http://017700000001/',
  'http://127.0.0.1./',
  'http://[::1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://169.254.169.254/latest/meta-data',
])('%s is refused however it is spelt', (url) => {
  expect(() => refusePrivateLiteral(new URL(url))).toThrow(/TRIBUTARY_ALLOW_PRIVATE_HOSTS=true/)
})

test('a public literal and a name pass the first check', () => {
  expect(() => refusePrivateLiteral(new URL('https://1.1.1.1/'))).not.toThrow()
  expect(() => refusePrivateLiteral(new URL('https://erp.example.com/'))).not.toThrow()
})

test.each([true, false])('a name that leads to a private address is refused at resolution (all: %s)', async (all) => {
  const outcome = await new Promise<Error | null>((resolve) => publicLookup('localhost', { all }, resolve))
  expect(outcome).toMatchObject({ name: 'PrivateAddressError' })
  expect(outcome?.message).toContain('localhost is a private address (')
})
