/** Products: header, plant data, descriptions. */
import type { Row } from '../model.ts'
import { assignNumber } from './number-ranges.ts'
import { plantOf } from './organisation.ts'
import { business, enter } from './refusals.ts'
import type { EntityRules, Lock } from './rules.ts'
import { fill, textOf, type Work } from './work.ts'

const PRODUCTS = 'API_PRODUCT_SRV'

export const products: EntityRules = {
  writeOnce: { level: 'Product', fields: ['ProductType', 'BaseUnit'] },
  prepare: (work, draft) => {
    const { row, set } = draft
    if (work.switches.refuseProductWrites) throw business('API_PRD_MSG/009', 'Create operation not allowed on entity')
    if (textOf(row, 'ProductType') === '') throw enter('Product Type', 'ProductType')
    if (textOf(row, 'BaseUnit') === '') throw enter('Base Unit of Measure', 'BaseUnit')
    if (textOf(row, 'Product') === '') row['Product'] = assignNumber(work.store, 'product', set, 'Product')
    else if (work.store.get(set, { Product: row['Product'] ?? '' }) !== null)
      throw business('M3/025', `Material ${textOf(row, 'Product')} already exists`, 'Product')
    fill(row, { IndustrySector: 'M', ItemCategoryGroup: 'NORM', ANPCode: '0' })
    Object.assign(row, { CreationDate: work.today, CreatedByUser: work.user })
    if (!work.switches.changeDateNullUntilChange) Object.assign(row, changeStamp(work))
  },
  change: (work, _current, changes) => {
    if (work.switches.refuseProductWrites) throw business('API_PRD_MSG/009', 'Update operation not allowed on entity')
    return { ...changes, ...changeStamp(work) }
  },
  lock: (row) => productLock(textOf(row, 'Product')),
}

/** Texts belong to the header: changing one is a change of the product. */
export const productTexts: EntityRules = {
  created: (work, draft, top) => {
    if (top) touch(work, draft.row)
  },
  changed: (work, _before, after) => touch(work, after),
  lock: (row) => productLock(textOf(row, 'Product')),
}

/** Plant and valuation data move the header or not (unverified: a switch). */
export const productViews: EntityRules = {
  prepare: (work, draft) => {
    const plant = textOf(draft.row, 'Plant')
    if (plant !== '') plantOf(work, plant)
  },
  created: (work, draft, top) => {
    if (top && work.switches.headerMovesWithItems) touch(work, draft.row)
  },
  changed: (work, _before, after) => {
    if (work.switches.headerMovesWithItems) touch(work, after)
  },
  lock: (row) => ({
    ...productLock(textOf(row, 'Product')),
    code: 'M3/897',
    message: `The plant data of material ${textOf(row, 'Product')} is locked by user CB9980000099`,
  }),
}

function touch(work: Work, row: Row): void {
  work.store.update(work.store.set(PRODUCTS, 'A_Product'), { Product: row['Product'] ?? '' }, changeStamp(work))
}

function changeStamp(work: Work): Row {
  return { LastChangeDate: work.today, LastChangeDateTime: work.now, LastChangedByUser: work.user }
}

function productLock(product: string): Lock {
  return {
    name: product,
    code: 'M3/024',
    message: `Valuation data for material ${product} is locked by the user CB9980000099`,
  }
}
