import { COUNTRIES, type Places } from './believable.ts'
import { type TrytonRpc, dateOf, decimal } from './rpc.ts'

/** What a company needs before it can buy anything: currency, chart of accounts, fiscal years, countries, terms. */
export interface Basics {
  readonly company: number
  readonly currency: number
  /** EUR, beside the company's USD. */
  readonly otherCurrency: number
  readonly places: Places
  readonly paymentTerms: readonly number[]
  /** Account category that products need so that orders can be processed. */
  readonly accountCategory: number
}

/** In a database where nothing but the modules was set up. */
export async function createBasics(tryton: TrytonRpc, today: Date): Promise<Basics> {
  const [currency = 0, otherCurrency = 0] = await tryton.create('currency.currency', [
    currencyOf('US Dollar', 'USD', '840', '$', '1.0'),
    currencyOf('Euro', 'EUR', '978', '€', '0.92'),
  ])
  const places = await createPlaces(tryton)
  const [party] = await tryton.create('party.party', [{ name: 'Tributary Demo Works' }])
  const [company = 0] = await tryton.create('company.company', [{ party, currency }])
  await tryton.call('res.user', 'write', [1], { companies: [['add', [company]]], company })
  tryton.setContext({ company })
  const accounts = await createChart(tryton, company)
  await createFiscalYears(tryton, company, today)
  const [accountCategory = 0] = await tryton.create('product.category', [
    {
      name: 'Purchased goods',
      accounting: true,
      account_expense: accounts.expense,
      account_revenue: accounts.revenue,
    },
  ])
  const paymentTerms = await tryton.create('account.invoice.payment_term', [
    { name: '30 days net', lines: [['create', [{ type: 'remainder', relativedeltas: [['create', [{ days: 30 }]]] }]]] },
    { name: '60 days net', lines: [['create', [{ type: 'remainder', relativedeltas: [['create', [{ days: 60 }]]] }]]] },
  ])
  return { company, currency, otherCurrency, places, paymentTerms, accountCategory }
}

const currencyOf = (name: string, code: string, numeric_code: string, symbol: string, rate: string) => ({
  name,
  code,
  numeric_code,
  symbol,
  digits: 2,
  rounding: decimal('0.01'),
  rates: [['create', [{ date: dateOf(new Date(Date.UTC(2020, 0, 1))), rate: decimal(rate) }]]],
})

async function createPlaces(tryton: TrytonRpc): Promise<Places> {
  const ids = await tryton.create(
    'country.country',
    COUNTRIES.map(({ name, code }) => ({ name, code })),
  )
  const countries = new Map(COUNTRIES.map(({ code }, at) => [code as string, ids[at] as number]))
  const values = COUNTRIES.flatMap((country) =>
    Object.entries(country.regions as { [code: string]: string }).map(([code, name]) => ({
      country: countries.get(country.code),
      code,
      name,
      type: 'state',
    })),
  )
  const regionIds = await tryton.create('country.subdivision', values)
  return { countries, regions: new Map(values.map(({ code }, at) => [code, regionIds[at] as number])) }
}

async function createChart(tryton: TrytonRpc, company: number) {
  const [template] = await tryton.search('account.account.template', [['parent', '=', null]])
  const account = { company, account_template: template }
  await tryton.wizard('account.create_chart', [['create_account', { start: {}, account }]])
  const find = async (kind: string) => {
    const [id] = await tryton.search('account.account', [
      [`type.${kind}`, '=', true],
      ['company', '=', company],
    ])
    if (id === undefined) throw new Error(`the chart of accounts has no ${kind} account`)
    return id
  }
  const accounts = {
    payable: await find('payable'),
    receivable: await find('receivable'),
    expense: await find('expense'),
    revenue: await find('revenue'),
  }
  const properties = { company, account_receivable: accounts.receivable, account_payable: accounts.payable }
  await tryton.wizard('account.create_chart', [['create_properties', { start: {}, account, properties }]])
  return accounts
}

/** This year and the one before, so that invoices can be posted. */
async function createFiscalYears(tryton: TrytonRpc, company: number, today: Date): Promise<void> {
  const typeOf = async (name: string) => (await tryton.search('ir.sequence.type', [['name', '=', name]]))[0]
  const [moveType, invoiceType] = [await typeOf('Account Move'), await typeOf('Invoice')]
  for (const year of [today.getUTCFullYear() - 1, today.getUTCFullYear()]) {
    const [moves] = await tryton.create('ir.sequence', [{ name: `Moves ${year}`, sequence_type: moveType, company }])
    const [invoices] = await tryton.create('ir.sequence.strict', [
      { name: `Invoices ${year}`, sequence_type: invoiceType, company },
    ])
    const sequences = Object.fromEntries(
      ['in_invoice', 'in_credit_note', 'out_invoice', 'out_credit_note'].map((kind) => [`${kind}_sequence`, invoices]),
    )
    const ids = await tryton.create('account.fiscalyear', [
      {
        name: String(year),
        company,
        start_date: dateOf(new Date(Date.UTC(year, 0, 1))),
        end_date: dateOf(new Date(Date.UTC(year, 11, 31))),
        post_move_sequence: moves,
        invoice_sequences: [['create', [{ company, ...sequences }]]],
      },
    ])
    await tryton.call('account.fiscalyear', 'create_period', ids)
  }
}
