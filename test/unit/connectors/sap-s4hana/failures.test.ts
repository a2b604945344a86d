import { describe, expect, test } from 'vitest'
import { brokenAs, failureOf, isRowsFault } from '../../../../connectors/sap-s4hana/failures.ts'
import { problemOf } from '../../../../connectors/sap-s4hana/problems.ts'
import { AuthError, type HttpResponse, RejectedError, RetryableError } from '../../../../core/index.ts'
import { errorBody } from './stand-in.ts'

const answer = (status: number, body: object | string): HttpResponse => {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return { status, headers: {}, body: Buffer.from(text), text: () => text, json: () => text, requestId: 'r1' }
}
const failure = (
  status: number,
  body: object | string,
  service: string | null = 'API_BUSINESS_PARTNER',
  isList = false,
) => failureOf(answer(status, body), { doing: 'reading A', service, isList })

const detail = (code: string, message: string, more: object = {}) => ({
  code,
  message,
  propertyref: '',
  severity: 'error',
  transition: false,
  target: '',
  ...more,
})

describe('what SAP says', () => {
  test('every error is shown, the generic one and repetitions are not, warnings neither', () => {
    const body = errorBody('MM_IM_ODATA_API_MDOC/014', 'Material Document processing failed', [
      detail('M7/021', 'Deficit of SL Unrestricted-use 3 PC', { target: 'QuantityInEntryUnit' }),
      detail('M7/053', 'Posting only possible in periods 2026/01'),
      detail('M7/100', 'Only a warning', { severity: 'warning' }),
      detail('M7/053', 'Posting only possible in periods 2026/01'),
      detail('MM_IM_ODATA_API_MDOC/014', 'Material Document processing failed'),
    ])
    const error = failure(400, body)
    expect(error).toBeInstanceOf(RejectedError)
    expect(error.vendorCode).toBe('M7/021')
    expect(error.message).toBe(
      'reading A: Deficit of SL Unrestricted-use 3 PC; Posting only possible in periods 2026/01 (M7/021)',
    )
    expect((error as RejectedError).fields).toEqual([
      { field: null, message: 'Deficit of SL Unrestricted-use 3 PC [QuantityInEntryUnit]' },
      { field: null, message: 'Posting only possible in periods 2026/01' },
    ])
  })

  test('a generic error is shown when it is all there is', () => {
    const body = errorBody('/IWBEP/CM_MGW_RT/022', 'Data Services Request is invalid')
    expect(failure(400, body).message).toBe('reading A: Data Services Request is invalid (/IWBEP/CM_MGW_RT/022)')
  })

  test('V4 errors are understood', () => {
    const body = { error: { code: 'M_/011', message: 'No', target: 'X', details: [detail('M_/012', 'Because')] } }
    expect(problemOf(JSON.stringify(body))).toEqual({
      form: 'json',
      code: 'M_/011',
      messages: [
        { code: 'M_/011', text: 'No', target: 'X' },
        { code: 'M_/012', text: 'Because', target: null },
      ],
    })
  })

  test('XML errors are understood', () => {
    const body = `<?xml version="1.0" encoding="utf-8"?><error xmlns="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata">
      <code>/IWBEP/CM_MGW_RT/022</code><message xml:lang="en">Invalid &lt;request&gt; &#38; more</message>
      <innererror><errordetails><errordetail><code>ME/013</code><message>Supplier 5 isn&apos;t there</message>
      <propertyref/><severity>error</severity><target>Supplier</target></errordetail></errordetails></innererror></error>`
    expect(problemOf(body)).toEqual({
      form: 'xml',
      code: 'ME/013',
      messages: [{ code: 'ME/013', text: "Supplier 5 isn't there", target: 'Supplier' }],
    })
  })

  test.each([
    ['<html><head><style>p{}</style></head><body><p>Bad &amp; ugly</p></body></html>', 'html', 'Bad & ugly'],
    ['CSRF token validation failed', 'text', 'CSRF token validation failed'],
    ['{"error":', 'text', '{"error":'],
  ])('%s is shown as text', (body, form, text) => {
    expect(problemOf(body)).toMatchObject({ form, messages: [{ text }] })
  })

  test('nothing at all is no message', () => {
    expect(problemOf('').messages).toEqual([])
    expect(failure(405, '').message).toBe('reading A: refused (HTTP 405)')
  })
})

describe('what it means', () => {
  test.each([
    [403, errorBody('/IWFND/MED/170', "No service found for namespace '', name 'X', version '0001'")],
    [404, errorBody('/IWFND/MED/170', 'No service found')],
    [404, '<html>The service is not reachable</html>'],
    [403, '<html>Forbidden</html>'],
  ])('%i: a service that is closed stops its stream, and how to open it is said', (status, body) => {
    const error = failure(status, body)
    expect(error).toBeInstanceOf(AuthError)
    expect((error as AuthError).streamOnly).toBe(true)
    expect(error.message).toMatch(/API_BUSINESS_PARTNER.*SAP_COM_0008.*IWFND\/MAINT_SERVICE.*S_SERVICE/)
  })

  test('an open service that is not for this user: the role, no word of activating', () => {
    const error = failure(403, errorBody('/IWFND/CM_CONSUMER/101', "No authorization to access Service 'X'"))
    expect(error).toMatchObject({ kind: 'auth', streamOnly: true })
    expect(error.message).toBe(
      "reading A: SAP does not open API_BUSINESS_PARTNER to this user; in the cloud, give the communication user communication scenario SAP_COM_0008; on-premise, give the user a role with S_SERVICE for API_BUSINESS_PARTNER: No authorization to access Service 'X' (/IWFND/CM_CONSUMER/101)",
    )
  })

  test("a 5xx that stays is told in SAP's words under what was read; other failures as they are", () => {
    const json =
      '{"error":{"code":"/IWFND/CM_BEC/026","message":{"lang":"en","value":"An exception \\"X\\" was raised"},"inne'
    const dump = new RetryableError(`GET https://s4/sap?$filter=: HTTP 500: ${json}`, { status: 500, requestId: 'r1' })
    const told = brokenAs(dump, 'reading A')
    expect(told).toMatchObject({ kind: 'retryable', status: 500, requestId: 'r1', vendorCode: '/IWFND/CM_BEC/026' })
    expect((told as Error).message).toBe(
      'reading A: SAP broke off (HTTP 500): An exception \\"X\\" was raised (/IWFND/CM_BEC/026)',
    )
    expect(isRowsFault(told)).toBe(true)
    const page = brokenAs(new RetryableError('GET https://s4/sap: HTTP 502: Bad gateway', { status: 502 }), 'reading A')
    expect((page as Error).message).toBe('reading A: SAP broke off (HTTP 502): Bad gateway')
    const network = new RetryableError('GET https://s4/sap: nothing listens there')
    expect(brokenAs(network, 'reading A')).toBe(network)
  })

  test('an authorization that is missing inside an open service is told apart from a closed one', () => {
    const error = failure(403, errorBody('06/303', 'No authorization for plant 1010'))
    expect(error).toMatchObject({ kind: 'auth', streamOnly: true, vendorCode: '06/303' })
    expect(error.message).toBe(
      'reading A: SAP does not allow this to the user: No authorization for plant 1010 (06/303); give its role the authorization',
    )
  })

  test('a list that is not there is another release of the service; an entity is simply gone', () => {
    const body = errorBody('/IWBEP/CM_MGW_RT/020', "Resource not found for segment 'A'")
    expect(failure(404, body, 'API_EQUIPMENT', true)).toMatchObject({ kind: 'auth', streamOnly: true })
    expect(failure(404, body, 'API_EQUIPMENT', false)).toMatchObject({ kind: 'rejected', status: 404 })
  })

  test.each([
    [400, errorBody('MMPUR_INTEGRATION_PO/002', 'Purchase Order 4500000001 is locked in another session')],
    [
      400,
      errorBody('/IWBEP/CM_MGW_RT/022', 'Failed', [detail('ME/006', 'User X already processing purchase order 1')]),
    ],
    [400, errorBody('M3/897', 'Plant data of material 1 is held by the user Y')],
    [400, errorBody('CO/469', 'Order 4000123 is being processed by Z')],
    [423, ''],
  ])('%i %j: a lock passes', (status, body) => {
    expect(failure(status, body)).toBeInstanceOf(RetryableError)
  })

  test.each([
    [400, 'M7/053', 'Posting only possible in periods 2026/01'],
    [400, 'ME/083', 'Enter Blocked stock'],
    [405, 'CX_SADL_ENTITY_CUD_DISABLED', "Updating operations are disabled for entity 'A~B'"],
  ])('%i %s: a refusal is final', (status, code, text) => {
    expect(failure(status, errorBody(code, text))).toMatchObject({ kind: 'rejected', vendorCode: code, status })
  })
})
