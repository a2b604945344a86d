import type { Row } from '../model.ts'
import { decimal } from './decimals.ts'
import { type Material, materialAt } from './materials.ts'
import { batchOf } from './movements.ts'
import { type Plant, plantAt } from './plants.ts'
import { supplierAt } from './suppliers.ts'
import type { World } from './world.ts'
import type { Writer } from './writer.ts'

const SERVICE = 'API_MATERIAL_STOCK_SRV'

/** One row per batch, special stock and stock type; emptied ones stay as zeros now and then. */
export function seedStock(world: World, writer: Writer): void {
  const material = writer.into(SERVICE, 'A_MaterialStock')
  const stock = writer.into(SERVICE, 'A_MatlStkInAcctMod')
  const serialNumber = writer.into(SERVICE, 'A_MaterialSerialNumber')
  for (let index = 0; index < world.size.items; index++) {
    const made = materialAt(world, index)
    // Services have no stock.
    if (made.good.type === 'SERV') continue
    material({ Material: made.key, MaterialBaseUnit: made.unit })
    for (const plantIndex of made.plants) {
      const plant = plantAt(plantIndex)
      for (const row of stockRows(world, made, plant)) stock(row)
      if (made.isSerialized) serialNumber(serialRow(made, plant))
    }
  }
}

function stockRows(world: World, material: Material, plant: Plant): Row[] {
  const dice = world.random(`stock ${plant.key}`, material.index)
  const rows: Row[] = []
  const put = (storageLocation: string, type: string, thousandths: number, key: Row = {}): void => {
    rows.push(stockRow(material, plant.key, storageLocation, type, decimal(thousandths), key))
  }
  const isDivisible = ['L', 'KG', 'M'].includes(material.unit)
  const quantity = (): number =>
    dice.chance(0.1) ? 0 : dice.int(1, 500) * 1000 + (isDivisible && dice.chance(0.5) ? dice.int(1, 999) : 0)
  const places = plant.storageLocations.slice(0, dice.int(0, 3))
  for (const place of places) {
    const batches = material.isBatchManaged
      ? Array.from({ length: dice.int(1, 3) }, (_, at) => batchOf(material, at))
      : ['']
    for (const Batch of batches) {
      put(place, '01', quantity(), { Batch })
      if (dice.chance(0.12)) put(place, '02', quantity(), { Batch })
      if (dice.chance(0.08)) put(place, '07', quantity(), { Batch })
    }
  }
  if (dice.chance(0.05)) put('', '06', quantity())
  const [place] = places
  if (!place) return rows
  if (world.size.vendors > 0 && dice.chance(0.05)) {
    const { key } = supplierAt(world, dice.int(0, world.size.vendors - 1))
    put(place, '01', quantity(), { Supplier: key, InventorySpecialStockType: 'K' })
  }
  if (dice.chance(0.03))
    put(place, '01', quantity(), { SDDocument: '4711', SDDocumentItem: '10', InventorySpecialStockType: 'E' })
  if (dice.chance(0.03)) {
    put(place, '01', quantity(), {
      WBSElementInternalID: '12',
      WBSElementExternalID: 'P-0001.Ü',
      InventorySpecialStockType: 'Q',
    })
  }
  return rows
}

export function stockRow(
  material: { key: string; unit: string },
  plant: string,
  storageLocation: string,
  type: string,
  quantity: string,
  key: Row = {},
): Row {
  return {
    Material: material.key,
    Plant: plant,
    StorageLocation: storageLocation,
    Batch: '',
    Supplier: '',
    Customer: '',
    WBSElementInternalID: '0',
    SDDocument: '',
    SDDocumentItem: '0',
    InventorySpecialStockType: '',
    InventoryStockType: type,
    WBSElementExternalID: '',
    MaterialBaseUnit: material.unit,
    MatlWrhsStkQtyInMatlBaseUnit: quantity,
    ...key,
  }
}

function serialRow(material: Material, plant: Plant): Row {
  return {
    Material: material.key,
    SerialNumber: `${plant.key}-${material.index}`,
    Plant: plant.key,
    StorageLocation: plant.storageLocations[0] ?? '',
    InventoryStockType: '01',
    Customer: '',
    Supplier: '',
    SDDocumentItem: '0',
    WBSElementInternalID: '0',
  }
}
