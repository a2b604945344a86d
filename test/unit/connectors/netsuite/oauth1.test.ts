import { expect, test } from 'vitest'
import { realmOf } from '../../../../connectors/netsuite/addresses.ts'
import { authorizationOf } from '../../../../connectors/netsuite/oauth1.ts'

const credentials = {
  consumerKey: 'ef40afdd8abaac111b13825dd5e5e2ddddb44f86d5a0dd6dcf38c20aae6b67e4',
  consumerSecret: 'd26ad321a4b2f23b0741c8d38392ce01c3e23e109df6c96eac6d099e9ab9e8b5',
  tokenId: '2b0ce516420110bcbd36b69e99196d1b7f6de3c6234c5afb799b73d87569f5cc',
  tokenSecret: 'c29a677df7d5439a458c063654187e3d678d73aca8e3c9d8bea1478a3eb0d295',
  realm: '123456',
}
const moment = { nonce: 'fjaLirsIcCGVZWzBX0pg', timestamp: 1508242306 }
const HOST = 'https://123456.suitetalk.api.netsuite.com/services/rest'

function signature(method: string, url: string): string {
  const found = /oauth_signature="([^"]+)"/.exec(authorizationOf(credentials, method, url, moment))
  return decodeURIComponent(found?.[1] ?? '')
}

test.each([
  ['GET', `${HOST}/record/v1/employee/40`, 'B5OIWznZ2YP0OB7VrJrGkYsTh+8H+5T9Hag+o92q0zY='],
  ['POST', `${HOST}/query/v1/suiteql?limit=1000&offset=0`, 'K77GAJRnfr1XDIXWkDNFBb1G343XzZc397WHGpnHFF8='],
  [
    'POST',
    'https://123456.restlets.api.netsuite.com/app/site/hosting/restlet.nl?script=6&deploy=1&customParam=someValue&testParam=someOtherValue',
    '+KK4SKNgz4ZiILGLwOMtfYlgcXSy1eis8ldE9X90azQ=',
  ],
  [
    'GET',
    `${HOST}/record/v1/vendor?q=${encodeURIComponent('companyName START_WITH "Acme (EU)"')}`,
    'Lkspp3cW5/dUNdjUsbvKTQwzY9iaYe8yM6iBHA99WGk=',
  ],
])('%s %s is signed as published', (method, url, wanted) => {
  expect(signature(method, url)).toBe(wanted)
})

test('the header names realm and parameters, percent-encoded', () => {
  const header = authorizationOf(credentials, 'GET', `${HOST}/record/v1/employee/40`, moment)
  expect(header).toBe(
    `OAuth realm="123456", oauth_consumer_key="${credentials.consumerKey}", oauth_token="${credentials.tokenId}", oauth_signature_method="HMAC-SHA256", oauth_timestamp="1508242306", oauth_nonce="fjaLirsIcCGVZWzBX0pg", oauth_version="1.0", oauth_signature="B5OIWznZ2YP0OB7VrJrGkYsTh%2B8H%2B5T9Hag%2Bo92q0zY%3D"`,
  )
})

test('the realm keeps upper case and underscore, however the account id is written', () => {
  expect(realmOf('1234567-sb1')).toBe('1234567_SB1')
})
