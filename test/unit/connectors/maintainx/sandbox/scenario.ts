import type { Sandbox } from '../../../../../connectors/maintainx/sandbox/index.ts'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly body: Record<string, unknown> | undefined
  readonly status: number
  /** Parsed; null = there was none. */
  readonly answer: unknown
}

export type Ask = (method: string, path: string, body?: Record<string, unknown>) => Promise<Asked>

/** Over HTTP, with the sandbox's key. */
export const askOver =
  (sandbox: Pick<Sandbox, 'url' | 'token'>, headers: Record<string, string> = {}): Ask =>
  async (method, path, body) => {
    const response = await fetch(`${sandbox.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${sandbox.token}`, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { method, path, body, status: response.status, answer: text === '' ? null : JSON.parse(text) }
  }

/** Asks for each operation that the sandbox serves, once at least, and for what it refuses. */
export async function everything(sandbox: Sandbox, ask: Ask): Promise<Asked[]> {
  const done: Asked[] = []
  const run = async (method: string, path: string, body?: Record<string, unknown>): Promise<any> => {
    const asked = await ask(method, path, body)
    done.push(asked)
    return asked.answer
  }
  const first = (resource: Parameters<Sandbox['truth']>[0]): number => sandbox.truth(resource)[0]?.id ?? 0
  const user = sandbox.truth('users')[1]?.id ?? 0

  // people and lists
  for (const path of [
    'organizations',
    'assetcriticalities',
    'assetcustomstatuses',
    'categories',
    'teams',
    'users?expand=role&expand=extra_fields',
  ])
    await run('GET', `/${path}`)
  await run('GET', `/assetcriticalities/${first('assetcriticalities')}`)
  await run('POST', '/customfields/parts', { fields: [{ label: 'Shelf life', type: 'number' }] })
  await run('GET', '/customfields/parts')
  await run('PATCH', `/customfields/parts/${sandbox.truth('customfields').at(-1)?.id}`, {
    field: { label: 'Shelf life in days' },
  })
  await run('DELETE', `/customfields/parts/${sandbox.truth('customfields').at(-1)?.id}`)
  const category = await run('POST', '/categories', { label: 'Welding' })
  await run('GET', `/categories/${category.id}`)
  await run('PATCH', `/categories/${category.id}`, { description: 'Hot work' })
  await run('DELETE', `/categories/${category.id}`)
  const custom = await run('POST', '/assetcustomstatuses', { label: 'In overhaul', baseAssetStatus: 'OFFLINE' })
  await run('GET', `/assetcustomstatuses/${custom.id}`)
  await run('PATCH', `/assetcustomstatuses/${custom.id}`, { label: 'Being overhauled' })
  const colleague = await run('POST', '/users', {
    firstName: 'Ada',
    lastName: 'Berg',
    email: 'ada.berg@plant.example',
    role: 'MEMBER',
  })
  await run('PATCH', `/users/${colleague.id}`, { hourlyRate: 4200 })
  await run('GET', `/users/${colleague.id}`)
  const team = await run('POST', '/teams', { name: 'Night shift', memberIds: [user] })
  await run('POST', `/teams/${team.id}/members`, { id: colleague.id, teamRole: 'ADMIN' })
  await run('GET', `/teams/${team.id}/members?limit=1`)
  await run('PATCH', `/teams/${team.id}/members/${colleague.id}`, { teamRole: 'MEMBER' })
  await run('DELETE', `/teams/${team.id}/members/${colleague.id}`)
  await run('PATCH', `/teams/${team.id}`, { description: 'From ten to six' })
  await run('GET', `/teams/${team.id}`)
  await run('DELETE', `/teams/${team.id}`)

  // places, vendors, machines
  const location = await run('POST', '/locations', {
    name: 'Annex',
    parentId: first('locations'),
    extraFields: { 'Cost Center': 'CC7' },
  })
  await run('GET', '/locations?expand=extra_fields&expand=team_ids&expand=vendor_ids&expand=barcode&name=An')
  await run('GET', `/locations/${location.id}`)
  await run('PATCH', `/locations/${location.id}`, { address: '1 rue Neuve' })
  const vendor = await run('POST', '/vendors', {
    name: 'Kappa Tools',
    emails: ['a@kappa.example'],
    phoneNumbers: ['+33 1 00'],
  })
  await run('GET', '/vendors?expand=extra_fields')
  await run('PATCH', `/vendors/${vendor.id}`, { description: 'Tools', extraFields: { 'ERP Number': 'V9' } })
  await run('GET', `/vendors/${vendor.id}`)
  const contact = await run('POST', `/vendors/${vendor.id}/contacts`, { name: 'Kim', email: 'kim@kappa.example' })
  await run('GET', `/vendors/${vendor.id}/contacts`)
  await run('GET', `/vendors/${vendor.id}/contacts/${contact.id}`)
  await run('PATCH', `/vendors/${vendor.id}/contacts/${contact.id}`, { role: 'Sales' })
  const asset = await run('POST', '/assets', {
    name: 'Lathe',
    locationId: location.id,
    manufacturer: { name: 'Weiler' },
    barcode: 'A1',
  })
  await run('PATCH', `/assets/${asset.id}`, { description: 'Old one', model: { name: 'Condor' } })
  await run('POST', `/assets/${asset.id}/status`, { status: 'OFFLINE', downtimeType: 'UNPLANNED' })
  await run(
    'GET',
    '/assets?expand=barcode&expand=team_ids&expand=asset_types&expand=extra_fields&expand=vendor_ids&expand=depreciation&expand=status&expand=manufacturer&expand=model',
  )
  await run('GET', `/assets/${asset.id}`)
  await run('GET', `/assetstatuses?assetId=${asset.id}`)
  await run('PATCH', `/assetstatuses/${sandbox.truth('assetstatuses').at(-1)?.id}`, { description: 'Spindle' })

  // parts
  const part = await run('POST', '/parts', {
    name: 'Chuck',
    unitCost: 9900,
    locations: [{ locationId: location.id, availableQuantity: 7, minimumQuantity: 2 }],
    vendors: [{ vendorId: vendor.id, partNumber: 'K-1' }],
  })
  const other = await run('POST', '/parts', {
    name: 'Chuck, used',
    locations: [{ locationId: location.id, availableQuantity: 1 }],
  })
  await run('PATCH', `/parts/${part.id}`, { area: 'R1' })
  await run('PATCH', `/parts/${part.id}`, {
    locations: { addedUpdated: [{ locationId: first('locations'), availableQuantity: 3 }] },
  })
  await run('GET', '/parts?expand=extra_fields&expand=vendors&partNumber=K-1')
  await run('GET', `/parts/${part.id}`)
  const transfer = await run('POST', '/parttransferrequests', {
    quantityRequested: 2,
    sourcePartId: part.id,
    destinationPartId: other.id,
  })
  await run('PATCH', `/parttransferrequests/${transfer.id}`, { status: 'APPROVED', sourceLocationId: location.id })
  await run('PATCH', `/parttransferrequests/${transfer.id}`, {
    status: 'COMPLETED',
    destinationLocations: [{ locationId: location.id, quantity: 2 }],
  })
  await run('GET', '/parttransferrequests?statuses=COMPLETED')
  await run('GET', `/parttransferrequests/${transfer.id}`)

  // orders
  const order = await run('POST', '/purchaseorders', {
    vendorId: vendor.id,
    items: [
      { partId: part.id, quantityOrdered: 4 },
      { name: 'Freight', quantityOrdered: 1, unitCost: 4500 },
    ],
    costs: [{ name: 'Tax', type: 'PERCENT_TAXABLE', amount: 20 }],
    vendorContactIds: [contact.id],
  })
  await run('PATCH', `/purchaseorders/${order.id}`, {
    note: 'Urgent',
    shippingAddress: { street: '1', city: 'Lyon', state: 'R', country: 'France', postalCode: '69007' },
  })
  await run('PATCH', `/purchaseorders/${order.id}/status`, { status: 'PENDING' })
  await run('PATCH', `/purchaseorders/${order.id}/status`, { status: 'APPROVED' })
  await run('PATCH', `/purchaseorders/${order.id}/fulfillment`, {
    items: [{ id: order.items[0].id, fulfillments: [{ locationId: location.id, quantityReceived: 4 }] }],
  })
  await run('PATCH', `/purchaseorders/${order.id}/status`, { status: 'COMPLETED' })
  await run('POST', `/purchaseorders/${order.id}/comments`, { content: 'All there' })
  await run('GET', '/purchaseorders?sort=-updatedAt')
  await run('GET', `/purchaseorders/${order.id}`)

  // work
  const created = await run('POST', '/workorders', {
    title: 'Overhaul',
    assetId: asset.id,
    locationId: location.id,
    priority: 'HIGH',
    categories: ['Mechanical', 'Overhaul'],
    partsUsed: [{ partId: part.id, quantityUsed: 1, locationId: location.id }],
    dueDate: '2030-01-01T00:00:00.000Z',
    repeatability: { type: 'WEEKLY', interval: 2, days: ['MONDAY'] },
    assignees: [{ type: 'USER', id: 'ada.berg@plant.example' }],
    extraFields: { 'ERP Order': '77' },
  })
  const below = await run('POST', '/workorders', { title: 'Dismantle', parentId: created.id })
  await run('GET', `/workorders/${created.id}/subworkorders`)
  await run('PATCH', `/workorders/${created.id}`, {
    description: 'Bearings too',
    assignees: [{ type: 'USER', id: user }],
  })
  await run('PATCH', `/workorders/${created.id}/partStatus`, { partStatus: 'RESERVED' })
  await run('POST', `/workorders/${created.id}/comments`, { content: 'Started' })
  await run('GET', `/workorders/${created.id}/comments`)
  await run('POST', `/workorders/${created.id}/costs`, {
    type: 'TIME',
    costType: 'WORK',
    durationTotal: 5400,
    hourlyRate: 4000,
  })
  await run('POST', `/workorders/${created.id}/costs`, { type: 'EXPENSE', costType: 'OTHER', costPerUnit: 1200 })
  await run('GET', `/workorders/${created.id}/costs`)
  for (const status of ['IN_PROGRESS', 'DONE', 'OPEN', 'CANCELED'])
    await run('PATCH', `/workorders/${created.id}/status`, { status })
  await run(
    'GET',
    `/workorders/${created.id}?expand=assignees&expand=asset&expand=estimated_time&expand=location&expand=parts&expand=times&expand=time_items&expand=expenditures&expand=extra_fields&expand=part_extra_fields&expand=asset_extra_fields&expand=location_extra_fields`,
  )
  await run(
    'GET',
    '/workorders?limit=200&show_upcoming=true&expand=assignees&expand=categories&expand=parts&expand=asset&expand=location&expand=vendor_ids&expand=times&expand=time_items&expand=expenditures&expand=extra_fields',
  )
  await run('GET', `/workorders/${String(sandbox.truth('workorders')[0]?.['sequentialId'])}?useSequentialId=true`)

  // subscriptions
  const subscription = await run('POST', '/subscriptions', { type: 'NEW_ASSET', url: 'https://hooks.example/x' })
  await run('GET', `/subscriptions/${subscription.id}`)
  await run('GET', `/subscriptions/${subscription.id}/secret`)
  await run('PATCH', `/subscriptions/${subscription.id}`, { url: 'https://hooks.example/y' })
  await run('DELETE', `/subscriptions/${subscription.id}`)

  // the end of it all
  for (const path of [
    `/workorders/${below.id}`,
    `/workorders/${created.id}`,
    `/purchaseorders/${order.id}`,
    `/parts/${part.id}`,
    `/assets/${asset.id}`,
    `/vendors/${vendor.id}/contacts/${contact.id}`,
    `/vendors/${vendor.id}`,
    `/locations/${location.id}`,
    `/users/${colleague.id}`,
    `/assetcustomstatuses/${custom.id}`,
  ])
    await run('DELETE', path)

  // refusals
  await run('GET', `/parts/${part.id}`)
  await run('GET', '/vendors?limit=900')
  await run('GET', '/workorders?statuses=LATE')
  await run('GET', '/assets?cursor=nonsense')
  await run('POST', '/vendors', {})
  await run('POST', '/workorders', { title: 'x', priority: 'URGENT', dueDate: 'tomorrow' })
  await run('PATCH', '/workorders/1', { title: 'x' })
  await run('PATCH', `/purchaseorders/${first('purchaseorders')}/status`, { status: 'PENDING' })
  return done
}
