import type { Resource } from '../../../connectors/maintainx/sandbox/index.ts'
import type { JsonObject } from '../../../core/index.ts'
import { asJson, type Colleagues, copied, type Removable, spoiled, times } from './plant.ts'

/** Records that are told apart by one text. */
function named(
  colleagues: Colleagues,
  resource: Resource,
  { field = 'name', ...body }: { readonly field?: string; readonly [native: string]: unknown },
): Removable {
  const { make, change, remove, atOnce, fresh, sandbox } = colleagues
  const add = () => make(`/${resource}`, { ...body, [field]: fresh('New') } as JsonObject)
  return {
    add: async (count) => atOnce(() => times(count, () => String(add()))),
    async change(key) {
      const text = fresh('Renamed')
      change(`/${resource}/${key}`, { [field]: text })
      return asJson(text)
    },
    remove: async (key) => remove(`/${resource}/${key}`),
    spoil: spoiled(sandbox, resource, field),
    fill: async (count) => copied(sandbox, resource, add(), count),
  }
}

export function worldsOf(colleagues: Colleagues) {
  const { make, change, remove, atOnce, fresh, sandbox } = colleagues
  const place = make('/locations', { name: 'Main store' })
  const vendorId = make('/vendors', { name: 'Nordhafen' })
  const shelf = (availableQuantity: number) => [{ locationId: place, availableQuantity }]
  const part = (quantity = 3) => make('/parts', { name: fresh('Seal'), locations: shelf(quantity) })
  const order = (item: JsonObject = {}) =>
    make('/purchaseorders', { vendorId, items: [{ name: fresh('Bolts'), quantityOrdered: 3, unitCost: 125, ...item }] })
  const restocked = (key: string, availableQuantity: number) => {
    const [id = '', locationId] = key.split('|')
    const addedUpdated = [{ locationId: Number(locationId), availableQuantity }]
    change(`/parts/${id}`, { locations: { addedUpdated } })
  }
  let stock = 9_007_199_254_000
  const items = named(colleagues, 'parts', {})
  const assets = named(colleagues, 'assets', {})
  const stockLevels: Removable = {
    add: async (count) => atOnce(() => times(count, () => `${part()}|${place}`)),
    async change(key) {
      restocked(key, ++stock)
      return `"quantity_on_hand":"${stock}"`
    },
    async remove(key) {
      change(`/parts/${key.split('|')[0]}`, { locations: { removedLocationIds: [place] } })
    },
    async exact() {
      const key = `${part()}|${place}`
      restocked(key, Number.MAX_SAFE_INTEGER)
      return { key, shows: [`"quantity_on_hand":"${Number.MAX_SAFE_INTEGER}"`] }
    },
    spoil: spoiled(sandbox, 'parts'),
    fill: async (count) => copied(sandbox, 'parts', part(), count),
  }
  const purchaseOrders: Removable = {
    add: async (count) => atOnce(() => times(count, () => String(order()))),
    async change(key) {
      const note = fresh('Noted')
      change(`/purchaseorders/${key}`, { note })
      return asJson(note)
    },
    remove: async (key) => remove(`/purchaseorders/${key}`),
    async exact() {
      const key = String(order({ quantityOrdered: 0.3, unitCost: 7 }))
      return { key, shows: ['"quantity_ordered":"0.3"', '"unit_price":"0.07"', '"line_amount":"0.021"'] }
    },
    spoil: spoiled(sandbox, 'purchaseorders'),
    fill: async (count) => copied(sandbox, 'purchaseorders', order(), count),
  }
  const worlds = {
    vendor: named(colleagues, 'vendors', {}),
    item: {
      ...items,
      async exact() {
        const key = String(make('/parts', { name: fresh('Gold'), unitCost: Number.MAX_SAFE_INTEGER }))
        return { key, shows: ['"unit_cost":"90071992547409.91"'] }
      },
    },
    location: named(colleagues, 'locations', {}),
    stock_level: stockLevels,
    purchase_order: purchaseOrders,
    work_order: named(colleagues, 'workorders', { field: 'title', priority: 'LOW', type: 'REACTIVE' }),
    asset: {
      ...assets,
      async exact() {
        const depreciation = { purchasePrice: 1234567.07, purchaseDate: '2024-02-29T00:00:00.000Z' }
        const key = String(make('/assets', { name: fresh('Press'), depreciation }))
        return { key, shows: ['"acquisition_cost":"1234567.07"'] }
      },
    },
    user: named(colleagues, 'users', { field: 'lastName', firstName: 'Ada' }),
  } satisfies { readonly [entity: string]: Removable }

  const made = (path: string, body: () => JsonObject) => async () => String(make(path, body()))
  const changed = (world: Removable, act: (key: string) => void) => async () => {
    const [key = ''] = await world.add(1)
    act(key)
    return key
  }
  /** What is told of. Vendors, locations and assets tell only that they are new; assets of their status as well. */
  const doings = {
    vendor: { 'a new one': made('/vendors', () => ({ name: fresh('Works') })) },
    item: {
      'a new one': made('/parts', () => ({ name: fresh('Seal'), unitCost: 1207 })),
      'another name': changed(worlds.item, (key) => change(`/parts/${key}`, { name: fresh('Ring') })),
      'it is deleted': changed(worlds.item, (key) => remove(`/parts/${key}`)),
    },
    location: { 'a new one': made('/locations', () => ({ name: fresh('Shed') })) },
    stock_level: {
      'more of it': changed(stockLevels, (key) => restocked(key, ++stock)),
      'a new one': async () => `${part(7)}|${place}`,
    },
    purchase_order: {
      'a new one': async () => String(order()),
      'a note': changed(purchaseOrders, (key) => change(`/purchaseorders/${key}`, { note: fresh('Noted') })),
      'another status': changed(purchaseOrders, (key) =>
        change(`/purchaseorders/${key}/status`, { status: 'PENDING' }),
      ),
    },
    work_order: {
      'a new one': made('/workorders', () => ({ title: fresh('Leak'), priority: 'HIGH' })),
      'another title': changed(worlds.work_order, (key) => change(`/workorders/${key}`, { title: fresh('Noise') })),
      'another status': changed(worlds.work_order, (key) => change(`/workorders/${key}/status`, { status: 'DONE' })),
      'it is deleted': changed(worlds.work_order, (key) => remove(`/workorders/${key}`)),
    },
    user: {
      'a new one': made('/users', () => ({ firstName: 'Ada', lastName: fresh('Nr') })),
      'another role': changed(worlds.user, (key) => change(`/users/${key}`, { role: 'OPERATOR' })),
      'it is removed': changed(worlds.user, (key) => remove(`/users/${key}`)),
    },
    asset: {
      'a new one': made('/assets', () => ({ name: fresh('Pump') })),
      'it is down': changed(assets, (key) => void make(`/assets/${key}/status`, { status: 'OFFLINE' })),
    },
  }
  return { worlds, doings }
}
