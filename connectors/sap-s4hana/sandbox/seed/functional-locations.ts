import { functionalLocationAt } from './places.ts'
import { plantAt } from './plants.ts'
import { DAY, dayOf } from './times.ts'
import { LONG_TEXTS, MACHINES, MAKERS } from './words.ts'
import type { World } from './world.ts'
import type { Writer } from './writer.ts'

const SERVICE = 'API_FUNCTIONALLOCATION'

export function seedFunctionalLocations(world: World, writer: Writer): void {
  const location = writer.into(SERVICE, 'FunctionalLocation')
  const longText = writer.into(SERVICE, 'FunctionalLocationLongText')
  for (let index = 0; index < world.size.functionalLocations; index++) {
    const place = functionalLocationAt(world, index)
    const plant = plantAt(place.plant)
    const dice = world.random('functional location', index)
    const { created, changed } = world.stamps('functional location', index, world.size.functionalLocations)
    const state =
      place.level < 2
        ? 'live'
        : dice.weighted([
            ['live', 90],
            ['inactive', 4],
            ['marked', 4],
            ['deleted', 2],
          ] as const)
    location({
      FunctionalLocation: place.key,
      FunctionalLocationLabelName: place.label,
      FunctionalLocationName: nameOf(place.level, place.machine, plant.name, index),
      FuncLocationStructure: 'YBFL',
      FunctionalLocationCategory: 'M',
      SuperiorFunctionalLocation: place.superior,
      SuperiorFuncnlLocLabelName: place.superiorLabel,
      TechnicalObjectType: place.level === 2 ? (MACHINES[place.machine]?.[0] ?? '') : '',
      OperationStartDate: dice.chance(0.5) ? dayOf(created - 900 * DAY) : null,
      AcquisitionValue: dice.chance(0.3) ? `${dice.int(1000, 900000)}.00` : '0.00',
      Currency: plant.currency,
      AcquisitionDate: dice.chance(0.3) ? dayOf(created - 1000 * DAY) : null,
      AssetManufacturerName: place.level === 2 ? dice.pick(MAKERS) : '',
      ManufacturerPartTypeName: dice.chance(0.3) ? `T-${dice.int(100, 9000)} "B"` : '',
      ManufacturerSerialNumber: dice.chance(0.3) ? `SN/${index}` : '',
      MaintenancePlant: plant.key,
      MaintenancePlanningPlant: plant.key,
      ABCIndicator: dice.pick(['A', 'B', 'C', '']),
      CompanyCode: plant.company,
      CostCenter: dice.chance(0.8) ? (plant.costCenters[0] ?? '') : '',
      ControllingArea: 'A000',
      MainWorkCenter: dice.pick(plant.workCenters),
      MainWorkCenterPlant: plant.key,
      EquipmentInstallationIsAllowed: place.level > 0,
      LastChangeDateTime: created === changed && dice.chance(0.3) ? null : changed,
      FuncnlLocIsMarkedForDeletion: state === 'marked' || state === 'deleted',
      FuncnlLocIsDeleted: state === 'deleted',
      FunctionalLocationIsActive: state === 'live',
      FunctionalLocationIsCreated: true,
      FuncnlLocIsDeactivated: state === 'inactive',
      CreatedByUser: 'CC0000000001',
      CreationDate: dayOf(created),
      LastChangedByUser: created === changed ? '' : 'CB9980000012',
    })
    if (dice.chance(0.1)) {
      longText({
        FunctionalLocation: place.key,
        FunctionalLocationLabelName: place.label,
        TextObjectKey: place.key,
        Language: 'EN',
        FuncnlLocLongText: dice.pick(LONG_TEXTS),
      })
    }
  }
}

function nameOf(level: 0 | 1 | 2, machine: number, plant: string, index: number): string {
  if (level === 0) return `Plant ${plant}`
  const [, english, german] = MACHINES[machine] ?? MACHINES[0]
  return level === 1 ? `${english}s / ${german}n` : `${english} place ${index}`
}
