import type { World } from './purchases.ts'
import type { TrytonRpc } from './rpc.ts'
import type { ProductType, SeededProduct } from './seed.ts'

type Row = { readonly id: number; readonly [field: string]: unknown }

/** What is in a seeded database, whoever seeded it and when. Sets the company as context of further calls. */
export async function loadWorld(tryton: TrytonRpc): Promise<World> {
  const [company] = await tryton.searchRead<{ id: number; currency: number }>('company.company', [], ['currency'])
  if (company === undefined) throw new Error('the Tryton database holds no company: seed it first')
  tryton.setContext({ company: company.id })
  const currencies = await tryton.search('currency.currency', [])
  const [accountCategory = 0] = await tryton.search('product.category', [['accounting', '=', true]])
  const offers = await tryton.searchRead<Row>('purchase.product_supplier', [], ['party', 'template', 'product'])
  const supplierIds = [...new Set(offers.map((offer) => offer['party'] as number))]
  const parties = await tryton.searchRead<{ id: number; addresses: number[] }>(
    'party.party',
    [
      ['id', 'in', supplierIds],
      ['active', '=', true],
    ],
    ['addresses'],
  )
  const products = await tryton.searchRead<Row>(
    'product.product',
    [
      ['active', '=', true],
      ['template.active', '=', true],
      ['purchasable', '=', true],
      ['account_category', '!=', null],
    ],
    ['template', 'type', 'default_uom', 'default_uom.digits'],
  )
  const warehouses = await tryton.searchRead<{ id: number; storage_location: number }>(
    'stock.location',
    [['type', '=', 'warehouse']],
    ['storage_location'],
  )
  return {
    company: company.id,
    currency: company.currency,
    otherCurrency: currencies.find((id) => id !== company.currency) ?? company.currency,
    places: { countries: await codes(tryton, 'country.country'), regions: await codes(tryton, 'country.subdivision') },
    paymentTerms: await tryton.search('account.invoice.payment_term', []),
    accountCategory,
    suppliers: parties.map(({ id, addresses }) => ({ id, address: addresses[0] ?? 0 })),
    otherParties: [],
    products: products.map((product): SeededProduct => {
      const offer = offers.find((each) => each['product'] === product.id)
      return {
        id: product.id,
        template: product['template'] as number,
        uom: product['default_uom'] as number,
        digits: (product['default_uom.'] as { digits: number }).digits,
        type: product['type'] as ProductType,
        supplier: (offer?.['party'] as number | undefined) ?? null,
        productSupplier: offer?.id ?? null,
      }
    }),
    warehouses: await Promise.all(
      warehouses.map(async ({ id, storage_location }) => ({
        id,
        storage: storage_location,
        bins: await tryton.search('stock.location', [['parent', '=', storage_location]]),
      })),
    ),
    employees: await tryton.search('company.employee', []),
  }
}

async function codes(tryton: TrytonRpc, model: string): Promise<Map<string, number>> {
  const rows = await tryton.searchRead<{ id: number; code: string }>(model, [], ['code'])
  return new Map(rows.map(({ id, code }) => [code, id]))
}
