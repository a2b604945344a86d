import {
  createFindings,
  defineOperation,
  type Findings,
  type JsonObject,
  type WriteRequest,
} from '../../../core/index.ts'
import type { NetSuiteSession } from '../session.ts'
import { rowsIn, setting, withForm } from './forms.ts'
import { type Values, valuesOf } from './mapped.ts'
import { FIELDS, HEADER, LINE_NAMES, NAMES } from './purchase-order-fields.ts'
import { goodsIn, type Line, lineIssues, newLine, outcomesOf, uninvited } from './purchase-order-lines.ts'
import { create, type Creation, findCreated } from './records.ts'
import { type Sent, sentOf } from './sent.ts'

type Request = WriteRequest<'purchase_order'>

/** Header and lines in one POST. */
export const createPurchaseOrder = defineOperation<NetSuiteSession, 'purchase_order'>({
  entity: 'purchase_order',
  operation: 'CREATE',
  anchor: 'unique',
  conflicts: 'none',
  atomic: true,
  fields: FIELDS.filter(({ on }) => on.includes('CREATE')),
  execute: async (session, request, signal) =>
    create(session, request, await creationOf(session, request, signal), signal),
  find: (session, request, signal) =>
    findCreated(session, request, { type: 'purchaseOrder', lines: linesOf(refsOf(request)) }, signal),
})

/** NetSuite numbers new lines in the order in which they came. */
const refsOf = ({ payload }: Request): readonly Pick<Line, 'ref'>[] =>
  sentOf(payload)
    .lines()
    .map((line) => ({ ref: line.text('line_ref') }))

const linesOf = (lines: readonly Pick<Line, 'ref'>[]) => (record: JsonObject, id: string) =>
  outcomesOf(lines as readonly Line[], rowsIn(record, 'item'), id)

async function creationOf(session: NetSuiteSession, request: Request, signal: AbortSignal): Promise<Creation> {
  const doing = 'creating a purchase order'
  const { config } = session
  const sent = sentOf(request.payload)
  const findings = createFindings()
  const custom = sent.custom(findings)
  const given = sent.lines()
  if (given.length === 0) findings.add('lines', 'REQUIRED', 'an order has at least one line')
  const values = await valuesOf(session, HEADER, sent, findings, signal)
  if (!('entity' in values)) findings.add('vendor_id', 'REQUIRED', 'must be given')
  const header: Values = {
    ...setting('subsidiary', config.subsidiary),
    ...setting('location', config.location),
    ...approvalOf(session, sent, findings),
    ...values,
    ...custom,
  }
  const goods = await goodsIn(session, given, [], findings, signal)
  const lines: Line[] = []
  const shared = { location: header['location'], expected: sent.text('expected_date') }
  for (const line of given) lines.push(await newLine(session, line, goods, shared, request, findings, signal))
  findings.settle(doing)
  return {
    type: 'purchaseOrder',
    path: '/purchaseOrder',
    doing,
    body: withForm(session, 'purchaseOrder', { ...header, item: { items: lines.map(({ body }) => body) } }),
    names: { ...NAMES, lines: { fields: LINE_NAMES, at: lines.map(({ at }) => at) } },
    lineIssues: (record) => {
      const rows = rowsIn(record, 'item')
      return [
        ...lines.flatMap(({ body, at }, index) => lineIssues(body, rows[index], at)),
        ...rows.slice(lines.length).map(uninvited),
      ]
    },
    lines: linesOf(lines),
  }
}

/** Without approval routing an order is approved as it is made, and NetSuite does not take the field. */
function approvalOf({ config }: NetSuiteSession, sent: Sent, findings: Findings): Values {
  const status = sent.text('status')
  if (status === null) return {}
  if (config.approval === 'on') return { approvalStatus: { id: status === 'APPROVED' ? '2' : '1' } }
  if (status !== 'APPROVED')
    findings.add('status', 'STATE_NOT_ALLOWED', 'orders of this connection need no approval (setting approval)')
  return {}
}
