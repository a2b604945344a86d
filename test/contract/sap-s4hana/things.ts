import type { Activity } from '../../../connectors/sap-s4hana/sandbox/activity/index.ts'
import type { Row } from '../../../connectors/sap-s4hana/sandbox/model.ts'
import type { Switches } from '../../../connectors/sap-s4hana/sandbox/faults.ts'
import type { World } from '../kit/harness.ts'
import { asJson } from './partners.ts'
import { type Names, one, pairOf, type Tables, times, unlessNew } from './table.ts'

const UNLIMITED_MS = 253_402_214_400_000

export function itemWorld(tables: Tables, names: Names, archive: Activity['archive']): World {
  const SERVICE = 'API_PRODUCT_SRV'
  const productOf = (key: string) => one(tables.find(SERVICE, 'A_Product', { Product: key }), `product ${key}`)
  const world: World = {
    async add(count) {
      const products = times(count, () => `SEAL-${names.next()}/A`)
      const stamp = tables.stamp()
      tables.insert(
        SERVICE,
        'A_Product',
        products.map((Product, at) => ({
          Product,
          ProductType: 'ERSA',
          BaseUnit: 'PC',
          CreationDate: pairOf(stamp).date,
          ...unlessNew(at, { LastChangeDateTime: stamp }),
        })),
      )
      tables.insert(
        SERVICE,
        'A_ProductDescription',
        products.map((Product) => ({ Product, Language: 'EN', ProductDescription: `Seal of ${Product}` })),
      )
      tables.insert(
        SERVICE,
        'A_ProductPlant',
        products.map((Product) => ({ Product, Plant: '1010' })),
      )
      tables.insert(
        SERVICE,
        'A_ProductValuation',
        products.map((Product) => ({
          Product,
          ValuationArea: '1010',
          InventoryValuationProcedure: 'S',
          StandardPrice: '12345678901.23',
          PriceUnitQty: '1000',
          Currency: 'EUR',
        })),
      )
      return products
    },
    async change(key) {
      const ProductDescription = names.fresh('Renamed')
      tables.update(SERVICE, 'A_ProductDescription', { Product: key, Language: 'EN' }, { ProductDescription })
      tables.update(SERVICE, 'A_Product', { Product: key }, { LastChangeDateTime: tables.stamp() })
      return asJson(ProductDescription)
    },
    remove: async (key) => void archive('A_Product', key),
    spoil: (key) => tables.spoil(SERVICE, 'A_Product', productOf(key), 'CreationDate'),
    fill: async (count) => void (await world.add(count)),
  }
  return world
}

/** Storage locations, and of every five one plant; neither has a stamp or a date. */
export function locationWorld(tables: Tables, names: Names, switches: Switches): World {
  const PLANTS = ['API_PLANT_SRV', 'A_Plant'] as const
  const PLACES = ['API_STORAGELOCATION_SRV', 'StorageLocation'] as const
  const code = (n: number) => n.toString(36).toUpperCase().padStart(4, '0')
  const partsOf = (key: string) => key.split('|')
  const world: World = {
    async add(count) {
      const made = times(count, (at) => ({ isPlant: at % 5 === 1, code: code(36 ** 3 * 20 + names.next()) }))
      const plants = made.filter(({ isPlant }) => isPlant)
      tables.insert(
        ...PLANTS,
        plants.map((plant) => ({ Plant: plant.code, PlantName: `Plant ${plant.code}`, CompanyCode: '1010' })),
      )
      tables.insert(
        ...PLACES,
        made
          .filter(({ isPlant }) => !isPlant)
          .map((place) => ({
            Plant: '1010',
            StorageLocation: place.code,
            StorageLocationName: `Shelf ${place.code}`,
          })),
      )
      return made.map((each) => (each.isPlant ? `plant|${each.code}` : `sloc|1010|${each.code}`))
    },
    async change(key) {
      const name = names.fresh('Renamed')
      const [kind, Plant = '', StorageLocation = ''] = partsOf(key)
      if (kind === 'plant') tables.update(...PLANTS, { Plant }, { PlantName: name })
      else tables.update(...PLACES, { Plant, StorageLocation }, { StorageLocationName: name })
      return asJson(name)
    },
    async remove(key) {
      const [kind, Plant = '', StorageLocation = ''] = partsOf(key)
      if (kind === 'plant') tables.remove(...PLANTS, { Plant })
      else tables.remove(...PLACES, { Plant, StorageLocation })
    },
    async spoil(key) {
      const [kind, ...parts] = partsOf(key)
      switches.shortDump = { set: (kind === 'plant' ? PLANTS : PLACES)[1], key: parts.join('|') }
      return async () => {
        switches.shortDump = null
      }
    },
    fill: async (count) => void (await world.add(count)),
  }
  return world
}

/** Rows of two stock types and two batches; there is no stamp. */
export function stockWorld(tables: Tables, names: Names): World {
  const SET = ['API_MATERIAL_STOCK_SRV', 'A_MatlStkInAcctMod'] as const
  const rowsOf = (key: string) => {
    const [Material = '', Plant = '', StorageLocation = ''] = key.split('|')
    return tables.find(...SET, { Material, Plant, StorageLocation })
  }
  const world: World = {
    async add(count) {
      const materials = times(count, () => `BOLT-${names.next()}`)
      const rows = materials.flatMap((Material) =>
        [
          { Batch: 'A', InventoryStockType: '01' },
          { Batch: 'B', InventoryStockType: '01' },
          { Batch: 'A', InventoryStockType: '02' },
        ].map(
          (which): Row => ({
            Material,
            Plant: '1010',
            StorageLocation: '101A',
            ...which,
            WBSElementInternalID: '0',
            SDDocumentItem: '0',
            MaterialBaseUnit: 'PC',
            MatlWrhsStkQtyInMatlBaseUnit: '0.001',
          }),
        ),
      )
      tables.insert(...SET, rows)
      return materials.map((material) => `${material}|1010|101A`)
    },
    async change(key) {
      const quantity = 9_007_199_254_740 + names.next()
      const [row, ...others] = rowsOf(key)
      for (const other of others) tables.update(...SET, other, { MatlWrhsStkQtyInMatlBaseUnit: '0' })
      tables.update(...SET, one(row === undefined ? [] : [row], key), {
        MatlWrhsStkQtyInMatlBaseUnit: `${quantity}.125`,
      })
      return `"quantity_on_hand":"${quantity}.125"`
    },
    async exact() {
      const [key = ''] = await world.add(1)
      const [first, second, third] = rowsOf(key)
      const put = (row: Row | undefined, MatlWrhsStkQtyInMatlBaseUnit: string) =>
        tables.update(...SET, one(row === undefined ? [] : [row], key), { MatlWrhsStkQtyInMatlBaseUnit })
      put(first, '12345678901234567.1')
      put(second, '0.2')
      put(third, '0.00000000000001')
      return { key, shows: ['"quantity_on_hand":"12345678901234567.30000000000001"'] }
    },
    async remove(key) {
      for (const row of rowsOf(key)) tables.remove(...SET, row)
    },
    spoil: (key) => tables.spoil(...SET, one(rowsOf(key), `stock of ${key}`), 'MatlWrhsStkQtyInMatlBaseUnit', 'plenty'),
    fill: async (count) => void (await world.add(count)),
  }
  return world
}

/** Equipment, which has a segment of the past as well, and functional locations by turns. */
export function assetWorld(tables: Tables, names: Names, archive: Activity['archive']): World {
  const MACHINES = ['API_EQUIPMENT', 'Equipment'] as const
  const PLACES = ['API_FUNCTIONALLOCATION', 'FunctionalLocation'] as const
  const rowOf = (key: string) => {
    const [kind, number = ''] = key.split('|')
    return kind === 'equip'
      ? one(tables.find(...MACHINES, { Equipment: number, ValidityEndDate: UNLIMITED_MS }), key)
      : one(tables.find(...PLACES, { FunctionalLocation: number }), key)
  }
  const setOf = (key: string): typeof MACHINES | typeof PLACES => (key.startsWith('equip|') ? MACHINES : PLACES)
  const world: World = {
    async add(count) {
      const made = times(count, (at) => ({ isMachine: at % 2 === 0, n: names.next() }))
      const stampsOf = (n: number) => ({
        CreationDate: pairOf(tables.stamp()).date,
        ...unlessNew(n, { LastChangeDateTime: tables.stamp() }),
      })
      const machines = made.filter(({ isMachine }) => isMachine)
      tables.insert(
        ...MACHINES,
        machines.flatMap(({ n }) => {
          const now = { Equipment: String(10_800_000 + n), EquipmentName: `Pump ${n}`, ...stampsOf(n) }
          const past = { ...now, EquipmentName: `Pump ${n} of old`, ValidityEndDate: Date.UTC(2024, 5, 30) }
          return [past, { ...now, ValidityEndDate: UNLIMITED_MS }]
        }),
      )
      tables.insert(
        ...PLACES,
        made
          .filter(({ isMachine }) => !isMachine)
          .map(({ n }) => ({
            FunctionalLocation: `1010-X${n}`,
            FunctionalLocationLabelName: `1010-X${n}`,
            FunctionalLocationName: `Pump house ${n}`,
            FunctionalLocationIsActive: true,
            ...stampsOf(n),
          })),
      )
      return made.map(({ isMachine, n }) => (isMachine ? `equip|${10_800_000 + n}` : `floc|1010-X${n}`))
    },
    async change(key) {
      const name = names.fresh('Renamed')
      const property = key.startsWith('equip|') ? 'EquipmentName' : 'FunctionalLocationName'
      const changes = { [property]: name, LastChangeDateTime: tables.stamp() }
      const [service, set] = setOf(key)
      tables.update(service, set, rowOf(key), changes)
      return asJson(name)
    },
    remove: async (key) => void archive(setOf(key)[1], key.slice(key.indexOf('|') + 1)),
    spoil(key) {
      const [service, set] = setOf(key)
      return tables.spoil(service, set, rowOf(key), 'AcquisitionDate')
    },
    fill: async (count) => void (await world.add(count)),
  }
  return world
}
