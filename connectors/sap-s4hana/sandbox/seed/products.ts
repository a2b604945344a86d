import type { Row } from '../model.ts'
import { decimal, fit } from './decimals.ts'
import { type Material, materialAt } from './materials.ts'
import { type Plant, plantAt } from './plants.ts'
import { supplierAt } from './suppliers.ts'
import { dayOf } from './times.ts'
import { LONG_TEXTS } from './words.ts'
import type { World } from './world.ts'
import type { Writer } from './writer.ts'

const SERVICE = 'API_PRODUCT_SRV'

export function seedProducts(world: World, writer: Writer): void {
  const product = writer.into(SERVICE, 'A_Product')
  const description = writer.into(SERVICE, 'A_ProductDescription')
  const basicText = writer.into(SERVICE, 'A_ProductBasicText')
  const unit = writer.into(SERVICE, 'A_ProductUnitsOfMeasure')
  const procurement = writer.into(SERVICE, 'A_ProductProcurement')
  const atPlant = writer.into(SERVICE, 'A_ProductPlant')
  const planning = writer.into(SERVICE, 'A_ProductSupplyPlanning')
  const valuation = writer.into(SERVICE, 'A_ProductValuation')
  for (let index = 0; index < world.size.items; index++) {
    const material = materialAt(world, index)
    const dice = world.random('product texts', index)
    product(productRow(world, material))
    // Some materials were never translated: the reader must fall back to another language.
    if (index % 17 !== 4) description(text(material, 'EN', { ProductDescription: fit(material.english, 40) }))
    if (index % 17 === 4 || dice.chance(0.6))
      description(text(material, 'DE', { ProductDescription: fit(material.german, 40) }))
    if (dice.chance(0.2)) basicText(text(material, 'EN', { LongText: dice.pick(LONG_TEXTS) }))
    for (const row of unitRows(material)) unit(row)
    procurement({
      Product: material.key,
      PurchaseOrderQuantityUnit: material.orderUnit === material.unit ? '' : material.orderUnit,
      VarblPurOrdUnitStatus: '',
      PurchasingAcknProfile: '',
    })
    for (const plantIndex of material.plants) {
      const plant = plantAt(plantIndex)
      atPlant(plantRow(material, plant))
      planning(planningRow(world, material, plant))
      valuation(valuationRow(material, plant))
    }
  }
}

function productRow(world: World, material: Material): Row {
  const { created, changed } = world.stamps('item', material.index, world.size.items)
  const dice = world.random('product', material.index)
  const weight = dice.int(1, 90_000)
  const hasMaker = world.size.vendors > 0 && dice.chance(0.3)
  const maker = hasMaker ? supplierAt(world, material.index % world.size.vendors).key : ''
  const isUntouched = created === changed
  return {
    Product: material.key,
    ProductType: material.good.type,
    CreationDate: dayOf(created),
    CreatedByUser: 'CC0000000001',
    LastChangeDate: isUntouched && dice.chance(0.5) ? null : dayOf(changed),
    LastChangedByUser: isUntouched ? '' : 'CB9980000012',
    LastChangeDateTime: changed,
    IsMarkedForDeletion: material.isMarkedForDeletion,
    ProductOldID: dice.chance(0.2) ? `ALT-${material.index}` : '',
    GrossWeight: decimal(weight + 20, 3),
    NetWeight: decimal(weight, 3),
    WeightUnit: 'KG',
    PurchaseOrderQuantityUnit: material.orderUnit === material.unit ? '' : material.orderUnit,
    ProductGroup: material.good.group,
    BaseUnit: material.unit,
    ANPCode: '0',
    CrossPlantStatus: dice.chance(0.05) ? '01' : '',
    ProductManufacturerNumber: dice.chance(0.5) ? `MPN ${material.index}/A` : '',
    ManufacturerNumber: maker,
    ProductStandardID: dice.chance(0.3) ? String(4_000_000_000_000 + material.index) : '',
    SizeOrDimensionText: dice.chance(0.3) ? '40X60X10 "A"' : '',
    IsBatchManagementRequired: material.isBatchManaged,
    ProductIsConfigurable: false,
    IndustrySector: 'M',
  }
}

function text(material: Material, language: string, content: Row): Row {
  return { Product: material.key, Language: language, ...content }
}

function unitRows(material: Material): Row[] {
  const base = {
    Product: material.key,
    AlternativeUnit: material.unit,
    QuantityNumerator: '1',
    QuantityDenominator: '1',
    BaseUnit: material.unit,
  }
  if (material.orderUnit === material.unit) return [base]
  return [base, { ...base, AlternativeUnit: material.orderUnit, QuantityNumerator: String(material.perOrderUnit) }]
}

function plantRow(material: Material, plant: Plant): Row {
  return {
    Product: material.key,
    Plant: plant.key,
    PurchasingGroup: '001',
    CountryOfOrigin: plant.country,
    MaintenanceStatusName: 'VEDLB',
    IsMarkedForDeletion: material.isMarkedForDeletion,
    MRPType: 'VB',
    MRPResponsible: '001',
    ABCIndicator: 'ABC'[material.index % 3] ?? '',
    AvailabilityCheckType: '02',
    IsBatchManagementRequired: material.isBatchManaged,
    SerialNumberProfile: material.isSerialized ? '0001' : '',
    ProfitCenter: 'YB110',
    BaseUnit: material.unit,
    StockInTransitQuantity: '0',
    GoodsReceiptBlockedStockQty: '0',
  }
}

function planningRow(world: World, material: Material, plant: Plant): Row {
  const dice = world.random(`planning ${plant.key}`, material.index)
  const hasLevels = dice.chance(0.6)
  const threshold = dice.int(1, 50) * 1000
  return {
    Product: material.key,
    Plant: plant.key,
    MRPType: 'VB',
    MRPResponsible: '001',
    LotSizingProcedure: 'HB',
    ReorderThresholdQuantity: hasLevels ? decimal(threshold, 3) : '0.000',
    MaximumStockQuantity: hasLevels ? decimal(threshold * 4) : '0',
    SafetyStockQuantity: hasLevels ? decimal(threshold / 2) : '0',
    PlannedDeliveryDurationInDays: String(dice.int(0, 90)),
    GoodsReceiptDuration: '1',
    ProcurementType: 'F',
    BaseUnit: material.unit,
    Currency: plant.currency,
  }
}

function valuationRow(material: Material, plant: Plant): Row {
  const isStandard = material.index % 3 === 0
  const price = priceText(material.price, plant.currency)
  return {
    Product: material.key,
    ValuationArea: plant.key,
    ValuationType: '',
    ValuationClass: '3040',
    InventoryValuationProcedure: isStandard ? 'S' : 'V',
    StandardPrice: isStandard ? price : '0.00',
    MovingAveragePrice: isStandard ? priceText(material.price + 130, plant.currency) : price,
    PriceUnitQty: String(material.priceUnit),
    Currency: plant.currency,
    BaseUnit: material.unit,
    IsMarkedForDeletion: material.isMarkedForDeletion,
  }
}

/** Yen have no decimals, Kuwaiti dinars three. */
export function priceText(thousandths: number, currency: string): string {
  if (currency === 'JPY') return decimal(Math.max(1, Math.round(thousandths / 1000)) * 1000)
  if (currency === 'KWD') return decimal(thousandths, 3)
  return decimal(Math.max(1, Math.round(thousandths / 10)) * 10, 2)
}
