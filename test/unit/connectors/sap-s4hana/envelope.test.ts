import { describe, expect, test } from 'vitest'
import { customFields, envelope, etagToken, intent } from '../../../../connectors/sap-s4hana/read/envelope.ts'
import type { JsonObject, MappingSettings } from '../../../../core/index.ts'
import { settings } from './payloads.ts'

const facts = { key: '1', displayName: null, createdAt: null, updatedAt: null, version: null }

describe('custom fields', () => {
  test('are the extension fields and the listed native ones that say something, sorted', () => {
    const row = {
      YY1_Rating_bus: 'A',
      YY1_Empty_bus: '',
      Category: '2',
      Other: 'x',
      YY1_Audit_bus: '/Date(1768435200000)/',
    }
    expect(customFields([row], ['Category', 'Nonsense'])).toBe(
      '{"Category":"2","YY1_Audit_bus":"2026-01-15","YY1_Rating_bus":"A"}',
    )
  })
  test('may come from several rows; the first wins', () =>
    expect(customFields([{ YY1_A: '1' }, { YY1_A: '2', YY1_B: '10.50' }], [])).toBe('{"YY1_A":"1","YY1_B":"10.50"}'))
  test('are null where there are none', () => expect(customFields([{ Supplier: '1' }], ['Nonsense'])).toBeNull())
  test('that are instants stay instants, and an impossible date stays what it was', () =>
    expect(customFields([{ YY1_A: '/Date(1768471200000+0000)/', YY1_B: '/Date(9999999999999999)/' }], [])).toBe(
      '{"YY1_A":"2026-01-15T10:00:00.000Z","YY1_B":"/Date(9999999999999999)/"}',
    ))
  test('that are expanded rows lose the wrapping of the service', () => {
    const row = { to_X: { results: [{ __metadata: { uri: 'u' }, A: '1', to_Y: { __deferred: { uri: 'u' } } }] } }
    expect(customFields([row], ['to_X'])).toBe('{"to_X":[{"A":"1","to_Y":null}]}')
  })
})

describe('the link to the source', () => {
  const urlAt = (own: JsonObject) =>
    envelope({}, { ...settings, settings: own } as MappingSettings, {
      ...facts,
      url: intent('Material-displayFactSheet', { Material: 'A/1 #2' }),
    }).source_url

  test.each([
    [{ base_url: 'https://my300000-api.s4hana.cloud.sap' }, 'https://my300000.s4hana.cloud.sap/ui'],
    [{ base_url: 'https://s4.example:44300/' }, 'https://s4.example:44300/sap/bc/ui2/flp'],
    [{ base_url: 'https://s4.example', sap_client: '100' }, 'https://s4.example/sap/bc/ui2/flp?sap-client=100'],
  ])('goes to the launchpad of %j', (own, launchpad) =>
    expect(urlAt(own)).toBe(`${launchpad}#Material-displayFactSheet?Material=A%2F1%20%232`),
  )
  test.each([[{ base_url: 'https://gateway.example/erp' }], [{ base_url: 'none' }], [{}]])(
    'is not known for %j',
    (own) => expect(urlAt(own)).toBeNull(),
  )
})

test('a record without name is shown by its key', () => expect(envelope({}, settings, facts).display_name).toBe('1'))
test('the ETag is a version where the service gives one', () => {
  expect(etagToken({ __metadata: { etag: 'W/"1"' } })).toBe('etag:W/"1"')
  expect(etagToken({ __metadata: { uri: 'u' } })).toBeNull()
})
