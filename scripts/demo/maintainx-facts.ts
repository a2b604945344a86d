import type { Sample, SystemFacts } from './facts.ts'

type Entry = { readonly [field: string]: unknown }

/** A table, and the list that its records come from. */
interface Source {
  readonly table: string
  readonly path: string
  /** Property of the answer that holds the list. */
  readonly many: string
  readonly columns: (entry: Entry) => Sample['columns']
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
const sourceId = (entry: Entry): string => String(entry['id'])

const sources = (id: (entity: string, key: unknown) => string | null): readonly Source[] => [
  {
    table: 'work_order',
    path: '/workorders?show_upcoming=true',
    many: 'workOrders',
    columns: (entry) => ({
      order_number: String(entry['sequentialId']),
      title: text(entry['title']),
      source_status: text(entry['status']),
      source_priority: text(entry['priority']),
      location_id: id('location', entry['locationId']),
    }),
  },
  {
    table: 'asset',
    path: '/assets?expand=status',
    many: 'assets',
    columns: (entry) => ({ name: text(entry['name']), location_id: id('location', entry['locationId']) }),
  },
  {
    table: 'location',
    path: '/locations',
    many: 'locations',
    columns: (entry) => ({ name: text(entry['name']), parent_id: id('location', entry['parentId']) }),
  },
  {
    table: 'item',
    path: '/parts',
    many: 'parts',
    columns: (entry) => ({
      name: text(entry['name']),
      barcode: text(entry['barcode']),
      unit_cost: typeof entry['unitCost'] === 'number' ? entry['unitCost'] / 100 : null,
    }),
  },
  { table: 'vendor', path: '/vendors', many: 'vendors', columns: (entry) => ({ name: text(entry['name']) }) },
  {
    table: 'user',
    path: '/users',
    many: 'users',
    columns: (entry) => ({ first_name: text(entry['firstName']), last_name: text(entry['lastName']) }),
  },
  {
    table: 'purchase_order',
    path: '/purchaseorders',
    many: 'purchaseOrders',
    columns: (entry) => ({ source_status: text(entry['status']) }),
  },
]

const SAMPLE = 20

/** What the API at `root` (with its version) lists, as Tributary's tables should show it for that connection. */
export async function maintainxFacts(root: string, token: string, connectionId: string): Promise<SystemFacts> {
  const id = (entity: string, key: unknown) => (key == null ? null : `${connectionId}:${entity}:${String(key)}`)
  const counts = new Map<string, number>()
  const samples: Sample[] = []
  for (const { table, path, many, columns } of sources(id)) {
    const entries = await list(root, token, path, many)
    counts.set(table, entries.length)
    const some = [...entries.slice(0, SAMPLE / 2), ...entries.slice(-SAMPLE / 2)]
    samples.push(...some.map((entry) => ({ table, sourceId: sourceId(entry), columns: columns(entry) })))
    if (table === 'item') {
      const levels = entries.flatMap(levelsOf)
      counts.set('stock_level', levels.length)
      samples.push(...levels.slice(0, SAMPLE))
    }
  }
  return { counts, samples }
}

const levelsOf = (part: Entry): Sample[] =>
  ((part['locations'] ?? []) as readonly Entry[]).map((level) => ({
    table: 'stock_level',
    sourceId: `${sourceId(part)}|${String(level['locationId'])}`,
    columns: { quantity_on_hand: Number(level['availableQuantity']) },
  }))

/** All pages. */
async function list(root: string, token: string, path: string, many: string): Promise<Entry[]> {
  const entries: Entry[] = []
  for (let cursor: string | null = null; ; ) {
    const url = new URL(`${root}${path}`)
    url.searchParams.set('limit', '200')
    if (cursor !== null) url.searchParams.set('cursor', cursor)
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
    if (!answer.ok) throw new Error(`asking MaintainX for ${path}: HTTP ${answer.status}`)
    const page = (await answer.json()) as Entry
    entries.push(...(page[many] as Entry[]))
    cursor = text(page['nextCursor'])
    if (cursor === null) return entries
  }
}
