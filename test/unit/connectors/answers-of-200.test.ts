import { expect, test } from 'vitest'
import { openSession as openNetSuiteSession } from '../../../connectors/netsuite/session.ts'
import { createPurchaseOrder as inNetSuite } from '../../../connectors/netsuite/write/purchase-order-create.ts'
import { openSession as openSapSession } from '../../../connectors/sap-s4hana/session.ts'
import { createPurchaseOrder as inSap } from '../../../connectors/sap-s4hana/write/purchase-order-create.ts'
import { Failure } from '../../../core/index.ts'
import { orderParts } from '../../support/commands.ts'
import { createWire, type Wire } from '../../contract/kit/wire.ts'
import { failureOf, openAccount } from './netsuite/write/driver.ts'
import { openSap } from './sap-s4hana/write/driver.ts'

/** Bodies that no system should send with a 200, and each has been seen to: errors, pages, nothing. */
const BODIES = [
  '{"error":{"code":"ME/083","message":{"lang":"en","value":"Enter Net Price"}}}',
  '{"type":"x","title":"Bad Request","status":400,"o:errorDetails":[{"detail":"Enter Net Price","o:errorCode":"X"}]}',
  '<html><body>Log on</body></html>',
  '{"d":{}}',
  '{}',
  '',
]

/** Answers every writing request with a 200 and this body, and lets none through. */
function lying(wire: Wire, body: string): void {
  const headers = { 'content-type': body.startsWith('<') ? 'text/html' : 'application/json' }
  wire.before = ({ method, url }) =>
    method === 'POST' && /record\/v1\/purchaseOrder|A_PurchaseOrder$/.test(url.split('?')[0] ?? '')
      ? { status: 200, headers, body }
      : null
}

// Tryton answers its refusals with 200 as a rule: the contract kit tries them for each of its operations
test.each(BODIES)('SAP and NetSuite: a 200 with %j is not taken for an order', async (body) => {
  const [sap, books] = [await openSap(), await openAccount()]
  const { vendor_id, item_id, location_id } = orderParts(sap.sandbox, 'works')
  const lines = [{ line_ref: 'a', item_id, location_id, quantity_ordered: '10', unit_price: '12.34', clear_fields: [] }]
  const [left, right] = [createWire(), createWire()]
  const session = await openSapSession(sap.session.config, left, sap.signal)
  const account = await openNetSuiteSession(books.session.config, right, books.signal)
  lying(left, body)
  lying(right, body)
  const errors = [
    await failureOf(sap.run(inSap, { session, payload: { vendor_id, currency: 'EUR', clear_fields: [], lines } })),
    await failureOf(
      books.run(inNetSuite, {
        session: account,
        payload: {
          vendor_id: books.id('vendor', 9001),
          lines: [{ line_ref: 'a', item_id: books.id('item', 9001), quantity_ordered: '10', unit_price: '12' }],
        },
      }),
    ),
  ]
  await Promise.all([sap.close(), books.close()])
  for (const wire of [left, right])
    expect(wire.requests.filter(({ method }) => method === 'POST').length).toBeGreaterThan(0)
  for (const error of errors) expect(error).toBeInstanceOf(Failure)
})
