import type { Row } from '../model.ts'
import { materialAt } from './materials.ts'
import { equipmentKey, functionalLocationAt } from './places.ts'
import { plantAt } from './plants.ts'
import { supplierAt } from './suppliers.ts'
import { DAY, dayOf, UNLIMITED } from './times.ts'
import { LONG_TEXTS, MACHINES, MAKERS } from './words.ts'
import type { World } from './world.ts'
import type { Writer } from './writer.ts'

const SERVICE = 'API_EQUIPMENT'

export function seedEquipment(world: World, writer: Writer): void {
  const equipment = writer.into(SERVICE, 'Equipment')
  const longText = writer.into(SERVICE, 'EquipmentLongText')
  const warranty = writer.into(SERVICE, 'EquipmentWarranty')
  const partner = writer.into(SERVICE, 'EquipmentPartner')
  for (let index = 0; index < world.size.equipment; index++) {
    const key = equipmentKey(index)
    const dice = world.random('equipment children', index)
    const { created, changed } = world.stamps('equipment', index, world.size.equipment)
    const row = equipmentRow(world, index, created, changed)
    // A moved machine keeps one row per period of use, each with its own end.
    const moves = dice.weighted([
      [0, 80],
      [1, 14],
      [2, 6],
    ] as const)
    const first = dayOf(created - 1200 * DAY)
    for (let period = 0; period <= moves; period++) {
      const isCurrent = period === moves
      equipment({
        ...row,
        ...(isCurrent ? {} : { FunctionalLocation: '', FunctionalLocationLabelName: '', SuperordinateEquipment: '' }),
        ValidityStartDate: first + period * 400 * DAY,
        ValidityEndDate: isCurrent ? UNLIMITED : first + (period + 1) * 400 * DAY - DAY,
        ValidityEndTime: isCurrent ? 'PT24H00M00S' : 'PT23H59M59S',
        EquipUsagePeriodSequenceNumber: String(period + 1).padStart(3, '0'),
      })
    }
    if (dice.chance(0.12)) {
      longText({ Equipment: key, TextObjectKey: key, Language: 'EN', EquipmentLongText: dice.pick(LONG_TEXTS) })
    }
    if (dice.chance(0.3)) {
      warranty({
        Equipment: key,
        WarrantyType: dice.pick(['1', '2']),
        MasterWarranty: '',
        WarrantyStartDate: dayOf(created),
        WarrantyEndDate: dice.chance(0.1) ? UNLIMITED : dayOf(created + 730 * DAY),
      })
    }
    if (world.size.vendors > 0 && dice.chance(0.4)) {
      partner({
        Equipment: key,
        PartnerFunction: 'VN',
        EquipmentPartnerObjectNmbr: '1',
        Partner: supplierAt(world, dice.int(0, world.size.vendors - 1)).key,
        CreatedByUser: 'CC0000000001',
        CreationDate: dayOf(created),
      })
    }
  }
}

function equipmentRow(world: World, index: number, created: number, changed: number): Row {
  const dice = world.random('equipment', index)
  const place = functionalLocationAt(world, dice.int(0, world.size.functionalLocations - 1))
  const plant = plantAt(place.plant)
  const [code, english, german] = dice.pick(MACHINES)
  const isBelow = index > 4 && dice.chance(0.15)
  const isInstalled = !isBelow && dice.chance(0.85)
  const state = dice.weighted([
    ['live', 90],
    ['inactive', 5],
    ['marked', 5],
  ] as const)
  const maker = dice.pick(MAKERS)
  const hasMaterial = world.size.items > 0 && dice.chance(0.2)
  const material = hasMaterial ? materialAt(world, dice.int(0, world.size.items - 1)).key : ''
  return {
    Equipment: equipmentKey(index),
    EquipmentName: dice.chance(0.7) ? `${english} ${index}` : `${german} "${index}"`,
    EquipmentCategory: 'M',
    TechnicalObjectType: dice.chance(0.7) ? code : '',
    GrossWeight: `${dice.int(1, 9000)}.500`,
    GrossWeightUnit: 'KG',
    InventoryNumber: dice.chance(0.3) ? `INV ${index}` : '',
    OperationStartDate: dice.chance(0.7) ? dayOf(created - dice.int(0, 3000) * DAY) : null,
    AcquisitionValue: dice.chance(0.6) ? `${dice.int(100, 999999)}.${dice.int(10, 99)}` : '0.00',
    Currency: plant.currency,
    AcquisitionDate: dice.chance(0.6) ? dayOf(created - dice.int(0, 3000) * DAY) : null,
    AssetManufacturerName: maker,
    ManufacturerPartTypeName: maker ? `${code}-${dice.int(100, 9999)}/Ü` : '',
    ManufacturerCountry: maker ? 'DE' : '',
    ConstructionYear: String(dice.int(1978, 2024)),
    ConstructionMonth: '07',
    ManufacturerSerialNumber: dice.chance(0.8) ? `SN-${equipmentKey(index)}'${index % 7}` : '',
    MaintenancePlant: plant.key,
    MaintenancePlanningPlant: plant.key,
    AssetLocation: dice.chance(0.3) ? 'HALLE-3' : '',
    AssetRoom: dice.chance(0.3) ? '2.14 SÜD' : '',
    ABCIndicator: dice.pick(['A', 'B', 'C', '']),
    CompanyCode: plant.company,
    CostCenter: dice.chance(0.8) ? dice.pick(plant.costCenters) : '',
    ControllingArea: 'A000',
    MainWorkCenter: dice.pick(plant.workCenters),
    MainWorkCenterPlant: plant.key,
    FunctionalLocation: isInstalled ? place.key : '',
    FunctionalLocationLabelName: isInstalled ? place.label : '',
    // Only an older one is above: the tree has no rings.
    SuperordinateEquipment: isBelow ? equipmentKey(dice.int(0, index - 1)) : '',
    TechnicalObjectSortCode: dice.chance(0.5) ? `TAG ${code}/${index}` : '',
    Material: material.length <= 18 ? material : '',
    SerialNumber: material.length <= 18 && material ? String(index) : '',
    CreationDate: dayOf(created),
    CreatedByUser: 'CC0000000001',
    LastChangedByUser: created === changed ? '' : 'CB9980000012',
    LastChangeDateTime: created === changed && dice.chance(0.3) ? null : changed,
    EquipmentIsAvailable: state === 'live',
    EquipmentIsMarkedForDeletion: state === 'marked',
    EquipmentIsInstalled: isInstalled,
    EquipIsAllocToSuperiorEquip: isBelow,
    EquipmentIsInactive: state === 'inactive',
  }
}
