import { createFindings, defineOperation, issue, type WriteRequest } from '../../../core/index.ts'
import type { BatchRequest } from '../batch.ts'
import type { SapSession } from '../session.ts'
import { entityPath, type Row, text } from '../values.ts'
import { productKind, textIn } from './item-create.ts'
import { ITEM_FIELDS, ITEM_NAMES, PRODUCT, PRODUCT_SERVICE } from './item-fields.ts'
import { valuesOf } from './mapped.ts'
import { checksOf } from './purchase-order-create.ts'
import { type Sent, sentOf } from './sent.ts'
import { changing, type Check, matching, type Plan, type Updating } from './updating.ts'

/** Each field is changed in the set that owns it, all of them in one changeset. */
export const updateItem = defineOperation<SapSession, 'item'>({
  entity: 'item',
  operation: 'UPDATE',
  conflicts: 'compare',
  atomic: true,
  fields: ITEM_FIELDS.filter(({ on }) => on.includes('UPDATE')),
  ...changing((session, request) => updating(session, request)),
})

/** A product is never deleted: it is marked for it. */
export const deleteItem = defineOperation<SapSession, 'item'>({
  entity: 'item',
  operation: 'DELETE',
  conflicts: 'compare',
  atomic: true,
  fields: [],
  ...changing((session, request) => deleting(session, request)),
})

const base = (session: SapSession, { target }: WriteRequest) => ({
  service: PRODUCT_SERVICE,
  read: (signal: AbortSignal) => productKind.read(session, target ?? '', signal),
})

const pathOf = (product: Row): string => entityPath('A_Product', { Product: product['Product'] ?? '' })

const updating = (session: SapSession, request: WriteRequest): Updating => ({
  ...base(session, request),
  doing: `changing item ${request.target ?? ''}`,
  plan: (product) => planOf(session, product, request),
})

const deleting = (session: SapSession, request: WriteRequest): Updating => ({
  ...base(session, request),
  doing: `deleting item ${request.target ?? ''}`,
  goneIsDone: true,
  plan: (product) => ({
    requests: [{ method: 'PATCH', path: pathOf(product), body: { IsMarkedForDeletion: true }, ...matching(product) }],
    checks: [
      {
        field: null,
        native: 'IsMarkedForDeletion',
        holds: (row) => row === null || row['IsMarkedForDeletion'] === true,
      },
    ],
    names: { header: ITEM_NAMES },
    warnings: [issue(null, 'UNSUPPORTED_OPERATION', 'SAP keeps the product and marks it for deletion')],
  }),
})

interface Changes {
  readonly requests: BatchRequest[]
  readonly checks: Check[]
}

function planOf({ config }: SapSession, product: Row, request: WriteRequest): Plan {
  const sent = sentOf(request.payload)
  const findings = createFindings()
  const changes: Changes = { requests: [], checks: [] }
  if (sent.cleared('name')) findings.add('name', 'INVALID_VALUE', 'cannot be empty in SAP')
  const values: Row = { ...valuesOf(PRODUCT, sent), ...sent.custom(findings) }
  if (Object.keys(values).length > 0) {
    changes.requests.push({ method: 'PATCH', path: pathOf(product), body: values, ...matching(product) })
    changes.checks.push(...checksOf(values, ITEM_NAMES, '', (row) => row))
  }
  textChange(sent, product, NAME, config.language, changes)
  textChange(sent, product, DESCRIPTION, config.language, changes)
  findings.settle(`changing item ${request.target ?? ''}`)
  return { ...changes, names: { header: ITEM_NAMES } }
}

interface Text {
  readonly field: string
  readonly set: string
  readonly navigation: string
  readonly native: string
}

const NAME: Text = {
  field: 'name',
  set: 'A_ProductDescription',
  navigation: 'to_Description',
  native: 'ProductDescription',
}
const DESCRIPTION: Text = {
  field: 'description',
  set: 'A_ProductBasicText',
  navigation: 'to_ProductBasicText',
  native: 'LongText',
}

/** In the connection's language; other languages stay. */
function textChange(sent: Sent, product: Row, what: Text, Language: string, { requests, checks }: Changes): void {
  const { field, set, navigation, native } = what
  const value = sent.text(field)
  const of = textIn(navigation, Language)
  const row = of(product)
  const key = { Product: product['Product'] ?? '', Language }
  if (value !== null) {
    requests.push(
      row === null
        ? { method: 'POST', path: set, body: { ...key, [native]: value } }
        : { method: 'PATCH', path: entityPath(set, key), body: { [native]: value }, ...matching(row) },
    )
    checks.push(...checksOf({ [native]: value }, ITEM_NAMES, '', of))
  } else if (sent.cleared(field) && field === 'description') {
    if (row !== null) requests.push({ method: 'DELETE', path: entityPath(set, key), body: null, ...matching(row) })
    checks.push({ field, native, holds: (record) => record !== null && text(of(record)?.[native]) === null })
  }
}
