import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Resource, type Sandbox, startSandbox } from '../../../../../connectors/maintainx/sandbox/index.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ size: 230 })
})
afterAll(() => sandbox.close())

const KEYS: Readonly<Record<string, string>> = { workorders: 'workOrders', purchaseorders: 'purchaseOrders' }

interface Listed {
  readonly [field: string]: any
  readonly id: number
}

function page(resource: string, query: string): { records: Listed[]; next: string | null } {
  const { status, body } = sandbox.ask('GET', `/${resource}?${query}`)
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`)
  const answer = body as Record<string, any>
  return { records: answer[KEYS[resource] ?? resource], next: answer['nextCursor'] }
}

/** All pages; `between` runs after each. */
function pages(resource: string, query: string, between: (n: number) => void = () => {}): Listed[] {
  const found: Listed[] = []
  let next: string | null = ''
  for (let n = 0; next !== null; n++) {
    const answer = page(resource, `${query}${next === '' ? '' : `&cursor=${next}`}`)
    found.push(...answer.records)
    next = answer.next
    if (next !== null) between(n)
  }
  return found
}

const ids = (records: readonly { id: number }[]): number[] => records.map(({ id }) => id)
const truth = (resource: Resource) => sandbox.truth(resource)

test.each(['workorders', 'assets', 'parts', 'vendors', 'purchaseorders', 'users', 'locations'] as const)(
  'all %s come once, in pages of seven',
  (resource) => {
    expect(ids(pages(resource, `limit=7${resource === 'workorders' ? '&show_upcoming=true' : ''}`))).toEqual(
      ids(truth(resource)),
    )
  },
)

test('work orders in the order of their change are complete although they change meanwhile', () => {
  const before = truth('workorders')
  const found = pages('workorders', 'limit=20&show_upcoming=true&sort=updatedAt', (n) => {
    sandbox.ask('PATCH', `/workorders/${before[(n * 31) % before.length]?.id}`, { title: `Changed after page ${n}` })
  })
  expect(new Set(ids(found)).size).toBe(before.length)
  const last = new Map(found.map((each) => [each.id, each['title']]))
  for (const { id, title } of truth('workorders')) expect(last.get(id)).toBe(title)
})

test('parts are paged by position: one that moves meanwhile takes another out of sight', () => {
  const all = ids(truth('parts'))
  const sorted = ids(pages('parts', 'limit=200&sort=updatedAt'))
  const found = pages('parts', 'limit=10&sort=updatedAt', (n) => {
    if (n === 0) sandbox.ask('PATCH', `/parts/${sorted[0]}`, { description: 'moves to the end' })
  })
  expect(all.filter((id) => !ids(found).includes(id))).toEqual([sorted[10]])
})

test('a cursor is good for the order it was made in; others are refused', () => {
  const { next } = page('workorders', 'limit=1&sort=updatedAt')
  for (const query of [`cursor=${next}&sort=createdAt`, 'cursor=x', 'cursor=%7B%7D']) {
    expect(sandbox.ask('GET', `/workorders?${query}`)).toEqual({ status: 400, body: { error: 'Invalid cursor' } })
  }
})

test('nextPageUrl leads to the same page as the cursor', () => {
  const { body } = sandbox.ask('GET', '/vendors?limit=2') as { body: any }
  expect(sandbox.ask('GET', body.nextPageUrl)).toEqual(sandbox.ask('GET', `/vendors?limit=2&cursor=${body.nextCursor}`))
})

test('work orders that start later are shown when they are asked for', () => {
  const later = truth('workorders').filter(
    ({ startDate }) => startDate != null && String(startDate) > new Date().toISOString(),
  )
  expect(later.length).toBeGreaterThan(0)
  const shown = ids(pages('workorders', 'limit=200'))
  expect(later.some(({ id }) => shown.includes(id))).toBe(false)
  expect(shown).toHaveLength(truth('workorders').length - later.length)
})

describe('filters', () => {
  const matching = (query: string) => ids(pages('workorders', `limit=200&show_upcoming=true&${query}`))
  const expected = (test: (doc: Record<string, any>) => boolean) => ids(truth('workorders').filter((doc) => test(doc)))

  test('of work orders choose what they name, several values any of it', () => {
    expect(matching('statuses=OPEN&statuses=ON_HOLD')).toEqual(
      expected(({ status }) => status === 'OPEN' || status === 'ON_HOLD'),
    )
    expect(matching('priorities=HIGH')).toEqual(expected(({ priority }) => priority === 'HIGH'))
    const asset = truth('assets')[3]?.id
    const assignee = (truth('workorders')[0] as any).assignees[0].id as number
    expect(matching(`assets=${asset}`)).toEqual(expected(({ assetId }) => assetId === asset))
    expect(matching(`notAssets=${asset}`)).toEqual(expected(({ assetId }) => assetId !== asset))
    expect(matching(`assignees=${assignee}`)).toEqual(
      expected(({ assignees }) => assignees.some((each: any) => each.type === 'USER' && each.id === assignee)),
    )
    expect(matching('categories=Safety')).toEqual(expected(({ categories }) => categories.includes('Safety')))
    expect(matching('notCategories=Safety')).toEqual(expected(({ categories }) => !categories.includes('Safety')))
    const safety = truth('categories').find(({ label }) => label === 'Safety')?.id
    expect(matching(`categories=${safety}`)).toEqual(matching('categories=Safety'))
    const part = truth('parts')[2]?.id
    expect(matching(`parts=${part}`)).toEqual(
      expected(({ partsUsed }) => partsUsed.some((used: any) => used.partId === part)),
    )
  })

  test('of times include their ends, whatever zone they are written in', () => {
    const at = truth('workorders')[50]?.updatedAt ?? ''
    const winter = new Date(Date.parse(at) + 3_600_000).toISOString().replace('Z', '+01:00')
    expect(matching(`updatedAt[gte]=${encodeURIComponent(winter)}`)).toEqual(
      expected(({ updatedAt }) => updatedAt >= at),
    )
    expect(matching(`updatedAt[lte]=${at}`)).toEqual(expected(({ updatedAt }) => updatedAt <= at))
    expect(matching(`createdAt[gte]=${at}&createdAt[lte]=${new Date().toISOString()}`)).toEqual(
      expected(({ createdAt }) => createdAt >= at),
    )
  })

  test('of custom fields: any of the values of one, all of the fields', () => {
    const [part] = truth('parts').filter(({ extraFields }) => (extraFields as any)['ERP Number'] !== undefined)
    const number = (part as any).extraFields['ERP Number']
    expect(ids(pages('parts', `ERP%20Number=${number}&ERP%20Number=none`))).toEqual([part?.id])
    expect(ids(pages('parts', `ERP%20Number=${number}&Cost%20Center=9`))).toEqual([])
  })

  test('that the description does not name are refused where there are no custom fields', () => {
    expect(sandbox.ask('GET', '/workorders?state=OPEN').status).toBe(400)
    sandbox.switches.unknownParameters = 'ignore'
    expect(sandbox.ask('GET', '/workorders?state=OPEN').status).toBe(200)
    sandbox.switches.unknownParameters = 'refuse'
  })

  test('of locations go by the beginning of the name, of users by e-mail address', () => {
    expect(pages('locations', 'name=Line').map(({ name }) => name)).toEqual([
      'Line 1',
      'Line 2',
      'Line 3',
      'Line 4',
      'Line 5',
    ])
    const [, user] = truth('users')
    expect(ids(pages('users', `email=${encodeURIComponent(String(user?.['email']))}`))).toEqual([user?.id])
  })
})

test('fields that are to be asked for are not shown unasked', () => {
  const [plain] = page('assets', 'limit=1').records
  const [rich] = page('assets', 'limit=1&expand=barcode&expand=extra_fields&expand=status').records
  expect(
    Object.keys(rich ?? {})
      .filter((name) => !(name in (plain ?? {})))
      .sort(),
  ).toEqual(['barcode', 'extraFields', 'status'])
  const [order] = page('purchaseorders', 'limit=1').records
  expect(Object.keys(order ?? {}).sort()).toEqual(['createdAt', 'id', 'status', 'updatedAt'])
  expect(Object.keys(page('vendors', 'limit=1').records[0] ?? {})).toEqual(['id', 'name'])
})
