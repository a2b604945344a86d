import type { Row } from '../model.ts'
import { decimal } from './decimals.ts'
import { type Movement, type MovementLine, movementAt } from './movements.ts'
import type { Random } from './random.ts'
import { DAY } from './times.ts'
import type { World } from './world.ts'
import type { Writer } from './writer.ts'

const SERVICE = 'API_MATERIAL_DOCUMENT_SRV'

export function seedMaterialDocuments(world: World, writer: Writer): void {
  const header = writer.into(SERVICE, 'A_MaterialDocumentHeader')
  const item = writer.into(SERVICE, 'A_MaterialDocumentItem')
  for (let index = 0; index < world.size.materialDocuments; index++) {
    const movement = movementAt(world, index)
    const dice = world.random('movement rows', index)
    header(headerRow(world, movement, dice))
    for (const line of movement.lines) item(itemRow(movement, line, dice))
  }
}

function headerRow(world: World, movement: Movement, dice: Random): Row {
  const { date, time } = world.calendar.local(movement.created)
  return {
    MaterialDocumentYear: movement.year,
    MaterialDocument: movement.key,
    InventoryTransactionType: movement.type === '101' ? 'WE' : movement.type.startsWith('7') ? 'WI' : 'WA',
    // A delivery note is often older than its posting.
    DocumentDate: dice.chance(0.2) ? date - dice.int(1, 5) * DAY : date,
    PostingDate: date,
    CreationDate: date,
    CreationTime: time,
    CreatedByUser: 'CB9980000012',
    MaterialDocumentHeaderText: dice.chance(0.3) ? 'Zählung "Süd" & Korrektur' : '',
    ReferenceDocument: dice.chance(0.4) ? `LS-${movement.index % 100_000}/Ö` : '',
    VersionForPrintingSlip: '',
    GoodsMovementCode: codeOf(movement),
  }
}

function codeOf({ type, reverses }: Movement): string {
  if (reverses) return '06'
  if (type === '101' || type === '122' || type === '161') return '01'
  if (type === '311' || type === '321') return '04'
  return type === '501' || type === '561' ? '05' : '03'
}

function itemRow(movement: Movement, line: MovementLine, dice: Random): Row {
  const { plant, type, order, reverses } = movement
  const { material } = line
  const isCosted = ['201', '202', '551', '552'].includes(type)
  const isTransfer = type === '311' || type === '321'
  const other = plant.storageLocations.find((code) => code !== line.storageLocation) ?? ''
  const [from, to] = type === '321' ? ['02', '01'] : ['01', '01']
  return {
    MaterialDocumentYear: movement.year,
    MaterialDocument: movement.key,
    MaterialDocumentItem: line.item,
    Material: material.key,
    Plant: plant.key,
    StorageLocation: line.isOtherSide && type === '311' ? other : line.storageLocation,
    Batch: line.batch,
    GoodsMovementType: type,
    InventoryStockType: line.isOtherSide ? to : from,
    InventorySpecialStockType: line.orderItem?.category === '2' ? 'K' : '',
    Supplier: order?.supplier.key ?? '',
    PurchaseOrder: order?.key ?? '',
    PurchaseOrderItem: line.orderItem?.number ?? '0',
    ManufacturingOrder: line.workOrder,
    ManufacturingOrderItem: '0',
    GoodsMovementRefDocType: order ? 'B' : '',
    GoodsMovementReasonCode: type === '551' || type === '122' ? dice.pick(['0001', '0002', '0']) : '0',
    AccountAssignmentCategory: isCosted ? 'K' : line.workOrder ? 'F' : '',
    CostCenter: isCosted ? dice.pick(plant.costCenters) : '',
    ControllingArea: 'A000',
    GLAccount: isCosted || line.workOrder ? '65100000' : '',
    ProfitCenter: 'YB110',
    MaterialBaseUnit: material.unit,
    QuantityInBaseUnit: decimal(line.unit === material.unit ? line.quantity : line.quantity * material.perOrderUnit, 3),
    EntryUnit: line.unit,
    QuantityInEntryUnit: decimal(line.quantity, line.quantity % 2000 === 0 ? 3 : 0),
    CompanyCodeCurrency: plant.currency,
    GdsMvtExtAmtInCoCodeCrcy: decimal(dice.int(100, 90_000) * 10, 2),
    FiscalYear: movement.year,
    FiscalYearPeriod: `${movement.year}001`,
    FiscalYearVariant: 'K4',
    IssuingOrReceivingPlant: isTransfer ? plant.key : '',
    IssuingOrReceivingStorageLoc: type === '311' ? (line.isOtherSide ? line.storageLocation : other) : '',
    IssuingOrReceivingStockType: isTransfer ? (line.isOtherSide ? from : to) : '',
    IssgOrRcvgMaterial: isTransfer ? material.key : '',
    IsCompletelyDelivered: false,
    MaterialDocumentItemText: dice.chance(0.15) ? 'Operator\'s note: "fast" <ok>' : '',
    GoodsRecipientName: dice.chance(0.2) ? 'GROß' : '',
    Reservation: '',
    IsAutomaticallyCreated: line.isOtherSide ? 'X' : '',
    MaterialDocumentLine: line.item,
    MaterialDocumentParentLine: line.isOtherSide ? String(Number(line.item) - 1) : '0',
    GoodsMovementIsCancelled: movement.isReversed,
    ReversedMaterialDocumentYear: reverses?.year ?? '0000',
    ReversedMaterialDocument: reverses?.key ?? '',
    ReversedMaterialDocumentItem: reverses ? line.item : '0',
  }
}
