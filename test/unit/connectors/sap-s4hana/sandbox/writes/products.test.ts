import { expect, it } from 'vitest'
import { createLandscape, PRODUCT, refusalOf, START_SECOND } from './landscape.ts'

const VALVE = {
  Product: 'VALVE-7',
  ProductType: 'ERSA',
  BaseUnit: 'PC',
  ProductGroup: 'L001',
  to_Description: [
    { Language: 'EN', ProductDescription: 'Valve' },
    { Language: 'DE', ProductDescription: 'Ventil' },
  ],
  to_Plant: [{ Plant: '1010' }],
}
const changedAt = (landscape: ReturnType<typeof createLandscape>) =>
  landscape.row(PRODUCT, 'A_Product', { Product: 'SEAL-40' })['LastChangeDateTime']

it('a product is created with descriptions and plants, numbered when it has no number', () => {
  const landscape = createLandscape()
  expect(landscape.post(PRODUCT, 'A_Product', VALVE).status).toBe(201)
  expect(landscape.row(PRODUCT, 'A_Product', { Product: 'VALVE-7' })).toMatchObject({
    LastChangeDateTime: START_SECOND,
    LastChangeDate: Date.UTC(2026, 0, 15),
    CreatedByUser: 'TRIBUTARY',
  })
  expect(landscape.has(PRODUCT, 'A_ProductDescription', { Product: 'VALVE-7', Language: 'DE' })).toBe(true)
  expect(landscape.post(PRODUCT, 'A_Product', { ...VALVE, Product: '' }).entity?.row['Product']).toBe('1000001')
  expect(refusalOf(() => landscape.post(PRODUCT, 'A_Product', VALVE)).code).toBe('M3/025')
})

it('a new text moves the product, a plant edit does as the switch says', () => {
  const landscape = createLandscape()
  const plant = { Product: 'SEAL-40', Plant: '1010' }
  landscape.wait(1_000)
  landscape.patch(
    PRODUCT,
    'A_ProductDescription',
    { Product: 'SEAL-40', Language: 'EN' },
    { ProductDescription: 'Seal' },
  )
  expect(changedAt(landscape)).toBe(START_SECOND + 1_000)
  landscape.wait(1_000)
  landscape.patch(PRODUCT, 'A_ProductPlant', plant, { MRPType: 'PD' })
  expect(changedAt(landscape)).toBe(START_SECOND + 2_000)
  landscape.switches.headerMovesWithItems = false
  landscape.wait(1_000)
  landscape.patch(PRODUCT, 'A_ProductPlant', plant, { MRPType: 'ND' })
  expect(changedAt(landscape)).toBe(START_SECOND + 2_000)
})

it('a tenant may refuse header writes and still take descriptions', () => {
  const landscape = createLandscape({ refuseProductWrites: true })
  expect(refusalOf(() => landscape.post(PRODUCT, 'A_Product', VALVE))).toMatchObject({
    code: 'API_PRD_MSG/009',
    message: 'Create operation not allowed on entity',
  })
  const text = { Product: 'SEAL-40', Language: 'DE', ProductDescription: 'Dichtung' }
  expect(landscape.post(PRODUCT, 'A_ProductDescription', text).status).toBe(201)
})

it('a lock on plant data names the material', () => {
  const landscape = createLandscape()
  landscape.switches.locks.set('SEAL-40', Number.POSITIVE_INFINITY)
  const run = () => landscape.patch(PRODUCT, 'A_ProductPlant', { Product: 'SEAL-40', Plant: '1010' }, { MRPType: 'PD' })
  expect(refusalOf(run)).toMatchObject({ code: 'M3/897', message: expect.stringMatching(/locked/) as string })
})
