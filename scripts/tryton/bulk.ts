import pg from 'pg'

/**
 * Thousands of records a second, straight into Tryton's tables: for benchmarks with 100,000 parties, where creating them
 * through the server (8 ms each) would take a quarter of an hour. The rows are what the server would have written,
 * except that one statement is one transaction and so one stamp. Restart nothing: Tryton caches no rows between
 * requests (its `[cache] clean_timeout` covers the rest).
 */
export interface BulkOptions {
  readonly parties?: number
  /** Draft orders with three lines each, spread over the parties and products that are there. */
  readonly purchases?: number
  /** Stamp of the rows; default: now. */
  readonly at?: Date
}

/** @param url connection string of the Tryton database, which must have been seeded before (company, products) */
export async function bulkLoad(url: string, options: BulkOptions): Promise<{ parties: number; purchases: number }> {
  const { parties = 0, purchases = 0, at = new Date() } = options
  const stamp = at.toISOString().replace('Z', '')
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('begin')
    if (parties > 0) {
      const found = await client.query<{ first: string }>('select coalesce(max(id), 0) + 1 as first from party_party')
      const first = Number(found.rows[0]?.first)
      for (const sql of PARTIES) await client.query(sql, [first, first + parties - 1, stamp])
    }
    if (purchases > 0) {
      const { rows } = await client.query<{ first: string }>(
        'select coalesce(max(id), 0) + 1 as first from purchase_purchase',
      )
      const first = Number(rows[0]?.first)
      for (const sql of PURCHASES) await client.query(sql, [first, first + purchases - 1, stamp])
    }
    for (const table of TABLES) await client.query(`select setval('${table}_id_seq', (select max(id) from ${table}))`)
    await client.query('commit')
    await client.query('analyze party_party, party_address, party_contact_mechanism, purchase_purchase, purchase_line')
    return { parties, purchases }
  } finally {
    await client.end()
  }
}

const TABLES = ['party_party', 'purchase_purchase'] as const

const PARTIES = [
  `insert into party_party (id, create_uid, create_date, active, code, name)
   select n, 1, $3::timestamp, true, 'B' || n, 'Bulk Supplier ' || n from generate_series($1::int, $2::int) n`,
  `insert into party_address (create_uid, create_date, active, party, street, city, postal_code, country, invoice, delivery)
   select 1, $3::timestamp, true, n, 'Mill Lane ' || n % 300, 'Berlin', lpad((n % 99999)::text, 5, '0'),
     (select min(id) from country_country), true, false
   from generate_series($1::int, $2::int) n`,
  `insert into party_contact_mechanism (create_uid, create_date, active, party, type, value, value_compact)
   select 1, $3::timestamp, true, n, 'email', 'bulk' || n || '@supplier.example', 'bulk' || n || '@supplier.example'
   from generate_series($1::int, $2::int) n`,
  `insert into party_contact_mechanism (create_uid, create_date, active, party, type, value, value_compact)
   select 1, $3::timestamp, true, n, 'phone', '+49 30 ' || 1000000 + n, '+4930' || 1000000 + n
   from generate_series($1::int, $2::int) n`,
]

const PURCHASES = [
  `insert into purchase_purchase (id, create_uid, create_date, company, party, invoice_address, currency, warehouse,
     purchase_date, state, invoice_method, invoice_state, shipment_state, reference)
   select n, 1, $3::timestamp, c.id, a.party, a.id, c.currency, w.id, $3::date, 'draft', 'order', 'none', 'none', 'BULK-' || n
   from generate_series($1::int, $2::int) n
   cross join (select id, currency from company_company order by id limit 1) c
   cross join (select min(id) as id from stock_location where type = 'warehouse') w
   join lateral (select array_agg(id) as ids from party_address) all_addresses on true
   join party_address a on a.id = all_addresses.ids[1 + n % array_length(all_addresses.ids, 1)]`,
  `insert into purchase_line (create_uid, create_date, purchase, sequence, type, product, unit, quantity, unit_price, description)
   select 1, $3::timestamp, n, line, 'line', p.id, t.default_uom, 1 + (n + line) % 40, round((1 + (n * line) % 90000) / 100.0, 2), null
   from generate_series($1::int, $2::int) n cross join generate_series(1, 3) line
   join lateral (select array_agg(id) as ids from product_product) all_products on true
   join product_product p on p.id = all_products.ids[1 + (n * 3 + line) % array_length(all_products.ids, 1)]
   join product_template t on t.id = p.template`,
]
