import type { Sample, SystemFacts } from './facts.ts'
import type { Row, SuiteQl } from './suiteql.ts'

/** A table of ours, and the statement that gives its records. */
interface Source {
  readonly table: string
  readonly from: string
  /** What of it is sampled: columns, newest first, and how they show in our table. */
  readonly sampled?: {
    readonly columns: string
    readonly newest: string
    readonly sample: (row: Row) => Omit<Sample, 'table'>
  }
}

const text = (value: string | null | undefined): string | null => value?.trim() || null
const number = (value: string | null | undefined): number | null => (text(value) === null ? null : Number(value))

const sources = (id: (entity: string, key: string | null | undefined) => string | null): readonly Source[] => {
  const keyed = (columns: (row: Row) => Sample['columns']) => (row: Row) => ({
    sourceId: String(row['id']),
    columns: columns(row),
  })
  return [
    {
      table: 'vendor',
      from: 'vendor t',
      sampled: {
        columns: 't.id, t.entityid, t.email, t.isinactive',
        newest: 't.lastmodifieddate, t.id',
        sample: keyed((row) => ({
          vendor_number: text(row['entityid']),
          email: text(row['email']),
          is_active: row['isinactive'] === 'F',
        })),
      },
    },
    {
      table: 'item',
      from: `item t WHERE t.itemtype IN ('InvtPart', 'NonInvtPart', 'Assembly', 'Kit', 'Service', 'OthCharge')`,
      sampled: {
        columns: 't.id, t.itemid, t.displayname, t.itemtype, t.isinactive',
        newest: 't.lastmodifieddate, t.id',
        sample: keyed((row) => ({
          item_number: text(row['itemid']),
          name: text(row['displayname']) ?? text(row['itemid']),
          source_item_type: text(row['itemtype']),
          is_active: row['isinactive'] === 'F',
        })),
      },
    },
    {
      table: 'location',
      from: 'location t',
      sampled: {
        columns: 't.id, t.name, t.parent',
        newest: 't.lastmodifieddate, t.id',
        sample: keyed((row) => ({ name: text(row['name']), parent_id: id('location', row['parent']) })),
      },
    },
    {
      table: 'stock_level',
      // quantities are in base units, and so are the stock units of demo data
      from: 'aggregateitemlocation t',
      sampled: {
        columns: 't.item, t.location, t.quantityonhand',
        newest: 't.item, t.location',
        sample: (row) => ({
          sourceId: `${row['item']}|${row['location']}`,
          columns: { quantity_on_hand: number(row['quantityonhand']) ?? 0 },
        }),
      },
    },
    {
      table: 'purchase_order',
      from: `transaction t WHERE t.type = 'PurchOrd'`,
      sampled: {
        columns: `t.id, t.tranid, t.entity, t.employee, TO_CHAR(t.trandate, 'YYYY-MM-DD') AS day, t.foreigntotal, BUILTIN.DF(t.terms) AS terms`,
        newest: 't.lastmodifieddate, t.id',
        sample: keyed((row) => ({
          order_number: text(row['tranid']),
          vendor_id: id('vendor', row['entity']),
          buyer_id: id('user', row['employee']),
          order_date: text(row['day']),
          total_amount: number(row['foreigntotal']),
          payment_terms: text(row['terms']),
        })),
      },
    },
    {
      table: 'purchase_order_line',
      from: `transactionline l JOIN transaction t ON t.id = l.transaction WHERE t.type = 'PurchOrd' AND l.mainline = 'F' AND l.taxline = 'F'`,
    },
    {
      table: 'inventory_movement',
      from: `transaction t WHERE t.type IN ('ItemRcpt', 'InvAdjst', 'InvTrnfr')`,
      sampled: {
        columns: `t.id, t.tranid, t.type, TO_CHAR(t.trandate, 'YYYY-MM-DD') AS day`,
        newest: 't.lastmodifieddate, t.id',
        sample: keyed((row) => ({
          movement_number: text(row['tranid']),
          source_kind: text(row['type']),
          posting_date: text(row['day']),
        })),
      },
    },
    {
      table: 'work_order',
      from: 'customrecord_maintenance t',
      sampled: {
        columns: 't.id, t.name, t.custrecord_mnt_status, t.custrecord_mnt_asset',
        newest: 't.lastmodified, t.id',
        sample: keyed((row) => ({
          title: text(row['name']),
          source_status: text(row['custrecord_mnt_status']),
          asset_id: id('asset', row['custrecord_mnt_asset']),
        })),
      },
    },
    {
      table: 'asset',
      from: 'customrecord_asset t',
      sampled: {
        columns: 't.id, t.name, t.custrecord_asset_serial, t.custrecord_asset_location',
        newest: 't.lastmodified, t.id',
        sample: keyed((row) => ({
          name: text(row['name']),
          serial_number: text(row['custrecord_asset_serial']),
          location_id: id('location', row['custrecord_asset_location']),
        })),
      },
    },
    {
      table: 'user',
      from: 'employee t',
      sampled: {
        columns: 't.id, t.firstname, t.lastname, t.title',
        newest: 't.lastmodifieddate, t.id',
        sample: keyed((row) => ({
          first_name: text(row['firstname']),
          last_name: text(row['lastname']),
          job_title: text(row['title']),
        })),
      },
    },
  ]
}

const AT_EACH_END = 10

/** What the account holds, as Tributary's tables should show it for that connection. */
export async function netsuiteFacts(suiteql: SuiteQl, connectionId: string): Promise<SystemFacts> {
  const counts = new Map<string, number>()
  const samples: Sample[] = []
  const id = (entity: string, key: string | null | undefined) =>
    text(key) === null ? null : `${connectionId}:${entity}:${String(key)}`
  for (const source of sources(id)) {
    const { table, from, sampled } = source
    const [counted] = await suiteql(`SELECT COUNT(*) AS n FROM ${from}`)
    counts.set(table, Number(counted?.['n']))
    if (sampled === undefined) continue
    for (const direction of ['DESC', 'ASC']) {
      const order = sampled.newest
        .split(', ')
        .map((column) => `${column} ${direction}`)
        .join(', ')
      const rows = await suiteql(
        `SELECT ${sampled.columns} FROM ${from} ORDER BY ${order} FETCH FIRST ${AT_EACH_END} ROWS ONLY`,
      )
      samples.push(...rows.map((row) => ({ table, ...sampled.sample(row) })))
    }
  }
  return { counts, samples }
}
