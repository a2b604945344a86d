import { createFindings, defineOperation, type Findings, type WriteRequest } from '../../../core/index.ts'
import { readRow } from '../read/keyset.ts'
import type { SapSession } from '../session.ts'
import { children, type Row, text } from '../values.ts'
import { type Anchor, create, type Creation, findCreated, type Kind } from './creating.ts'
import { ITEM_FIELDS, ITEM_NAMES, PRODUCT, PRODUCT_SERVICE } from './item-fields.ts'
import { valuesOf } from './mapped.ts'
import { checksOf } from './purchase-order-create.ts'
import { type Sent, sentOf } from './sent.ts'
import { unitIn } from './units-out.ts'

export const productKind: Kind = {
  noun: 'item',
  service: PRODUCT_SERVICE,
  set: 'A_Product',
  keyOf: (row) => text(row['Product']),
  targetOf: (record) => text(record['Product']),
  read: (session, key, signal) =>
    readRow(session, PRODUCT_SERVICE, 'A_Product', { Product: key }, ['to_Description', 'to_ProductBasicText'], signal),
}

/** A product with its texts, the plants of the connection and, where it names a class, its valuation. */
export const createItem = defineOperation<SapSession, 'item'>({
  entity: 'item',
  operation: 'CREATE',
  anchor: 'searchable',
  conflicts: 'none',
  atomic: true,
  fields: ITEM_FIELDS.filter(({ on }) => on.includes('CREATE')),
  execute: async (session, request, signal) => create(session, productKind, creationOf(session, request), signal),
  find: (session, request, signal) =>
    findCreated(session, productKind, productAnchor(request), request, undefined, signal),
})

/** Not the number: another product of the same number is not ours. */
const productAnchor = (request: WriteRequest): Anchor => ({
  property: 'ProductOldID',
  value: request.token(40),
  createdOn: 'CreationDate',
})

function creationOf(session: SapSession, request: WriteRequest): Creation {
  const { config } = session
  const sent = sentOf(request.payload)
  const findings = createFindings()
  const custom = sent.custom(findings) ?? {}
  const anchor = productAnchor(request)
  const [number, name, description] = [sent.text('item_number'), sent.text('name'), sent.text('description')]
  if (name === null) findings.add('name', 'REQUIRED', 'must be given')
  if (custom[anchor.property] !== undefined)
    findings.add('custom_fields', 'INVALID_VALUE', `${anchor.property} holds the mark of the command`)
  const unit = unitIn(sent, request.mapping, findings)
  if (unit === null && sent.text('unit') === null) findings.add('unit', 'REQUIRED', 'give unit or source_unit')
  const type = custom['ProductType'] === undefined ? typeOf(session, sent, findings) : null
  const values = valuesOf(PRODUCT, sent)
  const header: Row = {
    ...(number === null ? {} : { Product: number }),
    ...(type === null ? {} : { ProductType: type }),
    ...(config.industry_sector === null ? {} : { IndustrySector: config.industry_sector }),
    ...(config.material_group === null || sent.cleared('category') ? {} : { ProductGroup: config.material_group }),
    ...(unit === null ? {} : { BaseUnit: unit }),
    ...values,
    [anchor.property]: anchor.value,
    ...custom,
  }
  findings.settle('creating an item')
  const { valuation_class: valuation } = config
  const texts = { Language: config.language }
  return {
    body: {
      ...header,
      to_Description: [{ ...texts, ProductDescription: name ?? '' }],
      ...(description === null ? {} : { to_ProductBasicText: [{ ...texts, LongText: description }] }),
      ...(config.plants.length === 0 ? {} : { to_Plant: config.plants.map((Plant) => ({ Plant })) }),
      ...(valuation === null || config.plants.length === 0
        ? {}
        : { to_Valuation: config.plants.map((plant) => ({ ValuationArea: plant, ValuationClass: valuation })) }),
    },
    names: { header: ITEM_NAMES },
    checks: [
      ...checksOf(header, ITEM_NAMES, '', (row) => row),
      ...checksOf({ ProductDescription: name ?? '' }, ITEM_NAMES, '', textIn('to_Description', config.language)),
      ...(description === null
        ? []
        : checksOf({ LongText: description }, ITEM_NAMES, '', textIn('to_ProductBasicText', config.language))),
    ],
  }
}

/** The row of a language. */
export const textIn =
  (navigation: string, language: string) =>
  (product: Row): Row | null =>
    children(product[navigation]).find((row) => text(row['Language']) === language) ?? null

/** SAP's own types; those of stock differ between systems, so the connection says which. */
function typeOf({ config }: SapSession, sent: Sent, findings: Findings): string | null {
  const wanted = sent.text('item_type')
  switch (wanted) {
    case 'INVENTORY':
      if (config.product_type === null)
        findings.add('item_type', 'REQUIRED', 'ProductType must be given: set product_type')
      return config.product_type
    case 'NON_INVENTORY':
      return 'NLAG'
    case 'SERVICE':
      return 'SERV'
    case null:
      findings.add('item_type', 'REQUIRED', 'must be given')
      return null
    default:
      findings.add('item_type', 'INVALID_VALUE', `SAP has no product type for ${wanted}`)
      return null
  }
}
