import pg from 'pg'
import type { Facts } from './facts.ts'

/**
 * What the ERP really holds, read by SQL from Tryton's own tables: the business facts of every record, under the names
 * of the unified model. Shares no code with the connector, so that a test may compare every record of the ERP with
 * every unified record (and every row of a sink).
 */
export type TruthEntity =
  | 'vendor'
  | 'item'
  | 'location'
  | 'stock_level'
  | 'purchase_order'
  | 'inventory_movement'
  | 'user'
/** Native key → facts. */
export type TrytonTruth = { readonly [Entity in TruthEntity]: ReadonlyMap<string, Facts> }

export interface TruthOptions {
  /** Prefix of unified ids. */
  readonly connectionId: string
  readonly company: number
  readonly vendorScope: 'suppliers' | 'all'
  /** Orders not written since then need not have been read (the connection's window); epoch ms. */
  readonly since?: number
}

/** One consistent state of the database. `url`: connection string of the Tryton database. */
export async function readTruth(url: string, options: TruthOptions): Promise<TrytonTruth> {
  const client = new pg.Client({ connectionString: url })
  // exact texts: no float, no Date in between
  client.setTypeParser?.(1082, (text: string) => text)
  await client.connect()
  try {
    await client.query('begin isolation level repeatable read read only')
    await client.query('set local extra_float_digits = 1')
    const read = async (sql: string, ...values: unknown[]): Promise<Facts[]> =>
      (await client.query<{ facts: Facts }>(`select to_jsonb(t) as facts from (${sql}) t`, values)).rows.map(
        ({ facts }) => facts,
      )
    const { company, connectionId: c, vendorScope } = options
    const result = {
      vendor: keyed(await read(VENDORS, company, vendorScope === 'all')),
      item: keyed(await read(ITEMS, company, c)),
      location: keyed(await read(LOCATIONS, c)),
      stock_level: keyed(await read(STOCK, company, c)),
      purchase_order: withLines(await read(ORDERS, company, c), await read(ORDER_LINES, company, c)),
      inventory_movement: withLines(await read(MOVEMENTS, company, c), await read(MOVEMENT_LINES, company, c)),
      user: keyed(await read(USERS, company)),
    }
    await client.query('commit')
    return result
  } finally {
    await client.end()
  }
}

function keyed(facts: readonly Facts[]): Map<string, Facts> {
  return new Map(facts.map(({ key, ...rest }) => [String(key), rest]))
}

function withLines(headers: readonly Facts[], lines: readonly Facts[]): Map<string, Facts> {
  const byHeader = new Map<string, Facts[]>()
  for (const { header, ...line } of lines) {
    const key = String(header)
    byHeader.set(key, [...(byHeader.get(key) ?? []), line])
  }
  return keyed(headers.map((header) => ({ ...header, lines: byHeader.get(String(header['key'])) ?? [] })))
}

const FIRST_ADDRESS = `(select a.id from party_address a where a.party = p.id and a.active
  order by a.sequence nulls first, a.id limit 1)`
const firstContact = (party: string, types: string) => `(select nullif(trim(m.value), '')
  from party_contact_mechanism m where m.party = ${party} and m.active and m.type in (${types})
  order by ${types.includes(',') ? "(m.type = 'mobile'), " : ''}m.sequence nulls first, m.id limit 1)`

const VENDORS = `
  select p.id as key, p.code as vendor_number, coalesce(nullif(trim(p.name), ''), p.code, p.id::text) as name,
    p.active as is_active,
    ${firstContact('p.id', "'email'")} as email,
    (select i.code from party_identifier i where i.party = p.id and i.type = 'eu_vat'
      order by i.sequence nulls first, i.id limit 1) as tax_id,
    split_part(a.street, E'\\n', 1) as address_line1, a.city, a.postal_code, co.code as country,
    regexp_replace(s.code, '^[A-Z]{2}-', '') as region,
    (select t.name from party_party_payment_term pt join account_invoice_payment_term t on t.id = pt.supplier_payment_term
      where pt.party = p.id limit 1) as payment_terms
  from party_party p
  left join party_address a on a.id = ${FIRST_ADDRESS}
  left join country_country co on co.id = a.country
  left join country_subdivision s on s.id = a.subdivision
  where $2::boolean
    or exists (select from purchase_product_supplier ps where ps.party = p.id and coalesce(ps.company, $1) = $1)
    or exists (select from purchase_purchase pu where pu.party = p.id and pu.company = $1)`

const ITEMS = `
  select p.id as key, nullif(p.code, '') as item_number, t.name, p.active and t.active as is_active,
    case when t.type = 'service' then 'SERVICE' when t.type = 'goods' and t.consumable then 'NON_INVENTORY' else 'INVENTORY' end
      as item_type,
    u.symbol as source_unit,
    (select cp.cost_price::text from product_cost_price cp where cp.product = p.id and cp.company = $1) as unit_cost,
    (select string_agg(c.name, ', ' order by c.name collate "C") from "product_template-product_category" r
      join product_category c on c.id = r.category where r.template = t.id) as category,
    (select $2::text || ':vendor:' || ps.party from purchase_product_supplier ps
      where ps.template = t.id and (ps.product = p.id or ps.product is null) and ps.active and coalesce(ps.company, $1) = $1
      order by (ps.product is null), ps.sequence nulls first, ps.id limit 1) as preferred_vendor_id
  from product_product p join product_template t on t.id = p.template join product_uom u on u.id = t.default_uom`

const LOCATIONS = `
  select l.id as key, l.code as location_code, l.name, l.active as is_active, l.type as source_location_type,
    l.type = 'storage' as holds_stock, $1::text || ':location:' || l.parent as parent_id
  from stock_location l`

const STOCK = `
  with sides as (
    select product, to_location as location, state, internal_quantity::text::numeric as quantity, false as outgoing
      from stock_move where company = $1 and state in ('done', 'assigned')
    union all
    select product, from_location, state, internal_quantity::text::numeric, true
      from stock_move where company = $1 and state in ('done', 'assigned'))
  select s.product || '|' || s.location as key,
    $2::text || ':item:' || s.product as item_id, $2::text || ':location:' || s.location as location_id,
    coalesce(sum(case when outgoing then -quantity else quantity end) filter (where state = 'done'), 0)::text
      as quantity_on_hand,
    coalesce(sum(quantity) filter (where state = 'assigned' and outgoing), 0)::text as quantity_reserved
  from sides s join stock_location l on l.id = s.location and l.type = 'storage'
  group by s.product, s.location`

const RECEIVED = `(select coalesce(sum(m.quantity::text::numeric), 0) from stock_move m
  where m.origin = 'purchase.line,' || l.id and m.state = 'done')`
const BILLED = `(select coalesce(sum(i.quantity::text::numeric), 0) from account_invoice_line i
  join account_invoice h on h.id = i.invoice
  where i.origin = 'purchase.line,' || l.id and h.state in ('validated', 'posted', 'paid'))`
/** Tryton rounds money half to even; PostgreSQL's round goes away from zero. */
const money = (
  amount: string,
) => `(select case when x - floor(x) = 0.5 and mod(floor(x), 2) = 0 then floor(x) else round(x) end
  / 10 ^ c.digits::numeric from (select ${amount} * 10 ^ c.digits::numeric as x) scaled)`
const LINE_AMOUNT = money('l.quantity::text::numeric * l.unit_price')
const NET = `(select coalesce(sum(${LINE_AMOUNT}), 0)
  from purchase_line l where l.purchase = o.id and l.type = 'line')`

const ORDERS = `
  select o.id as key, o.number as order_number, $2::text || ':vendor:' || o.party as vendor_id,
    o.reference as vendor_reference, nullif(trim(o.description), '') as title,
    case o.state when 'draft' then 'DRAFT' when 'quotation' then 'PENDING_APPROVAL' when 'confirmed' then 'APPROVED'
      when 'done' then 'CLOSED' when 'cancelled' then 'CANCELED'
      when 'processing' then case when o.shipment_state = 'received' then 'RECEIVED'
        when exists (select from purchase_line l join stock_move m on m.origin = 'purchase.line,' || l.id
          where l.purchase = o.id and m.state = 'done') then 'PARTIALLY_RECEIVED' else 'APPROVED' end
      end as status,
    o.state || '/' || o.shipment_state as source_status,
    o.purchase_date::text as order_date, c.code as currency, ${NET}::text as subtotal_amount,
    (select t.name from account_invoice_payment_term t where t.id = o.payment_term) as payment_terms,
    $2::text || ':location:' || o.warehouse as ship_to_location_id, o.company::text as organization
  from purchase_purchase o join currency_currency c on c.id = o.currency
  where o.company = $1`

const ORDER_LINES = `
  select o.id as header, $2::text || ':purchase_order_line:' || o.id || '|' || l.id as line_id,
    l.sequence::text as line_number, $2::text || ':item:' || l.product as item_id,
    l.quantity::text as quantity_ordered, u.symbol as source_unit, l.unit_price::text as unit_price,
    ${LINE_AMOUNT}::text as line_amount,
    case when l.product is null then null else ${RECEIVED}::text end as quantity_received,
    ${BILLED}::text as quantity_billed, o.state = 'done' as is_closed
  from purchase_line l join purchase_purchase o on o.id = l.purchase
  join currency_currency c on c.id = o.currency left join product_uom u on u.id = l.unit
  where o.company = $1 and l.type = 'line'
  order by l.sequence nulls first, l.id`

const STATUS = `case when d.state in ('received', 'shipped', 'done') then 'POSTED'
  when d.state = 'cancelled' then 'REVERSED' else 'DRAFT' end as status`
const MOVEMENTS = `
  select 'shipment_in|' || d.id as key, d.number as movement_number, 'RECEIPT' as kind, ${STATUS},
    $2::text || ':vendor:' || d.supplier as vendor_id, d.effective_date::text as posting_date
  from stock_shipment_in d where d.company = $1
  union all
  select 'shipment_internal|' || d.id, d.number, 'TRANSFER', ${STATUS}, null, d.effective_date::text
  from stock_shipment_internal d where d.company = $1
  union all
  select 'inventory|' || d.id, d.number, 'COUNT', ${STATUS}, null, d.date::text
  from stock_inventory d where d.company = $1`

const MOVEMENT_LINES = `
  select header, $2::text || ':inventory_movement_line:' || header || '|' || id as line_id,
    $2::text || ':item:' || product as item_id, quantity, source_unit
  from (
    select 'shipment_in|' || split_part(m.shipment, ',', 2) as header, m.id, m.product, m.quantity::text as quantity,
      u.symbol as source_unit
    from stock_move m join product_uom u on u.id = m.uom join stock_location f on f.id = m.from_location
    where m.company = $1 and m.shipment like 'stock.shipment.in,%' and f.type = 'supplier' and m.state <> 'cancelled'
    union all
    select 'shipment_internal|' || split_part(m.shipment, ',', 2), m.id, m.product, m.quantity::text, u.symbol
    from stock_move m join product_uom u on u.id = m.uom
    where m.company = $1 and m.shipment like 'stock.shipment.internal,%' and m.state <> 'cancelled'
    union all
    select 'inventory|' || l.inventory, l.id, l.product,
      (coalesce(l.quantity::text::numeric, case when i.empty_quantity = 'empty' then 0 else coalesce(l.expected_quantity::text::numeric, 0) end)
        - coalesce(l.expected_quantity::text::numeric, 0))::text, u.symbol
    from stock_inventory_line l join stock_inventory i on i.id = l.inventory
    join product_product p on p.id = l.product join product_template t on t.id = p.template
    join product_uom u on u.id = t.default_uom
    where i.company = $1
  ) lines order by id`

const USERS = `
  select e.id as key, p.name, p.code as user_number, ${firstContact('p.id', "'email'")} as email,
    coalesce(e.end_date >= (now() at time zone 'utc')::date, true) as is_active
  from company_employee e join party_party p on p.id = e.party where e.company = $1`
