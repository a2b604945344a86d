import { FIRST_NUMBER } from './numbers.ts'
import { equipmentKey, functionalLocationAt } from './places.ts'
import { type Plant, plantAt } from './plants.ts'
import { DAY, wholeSecond } from './times.ts'
import type { World } from './world.ts'

export type WorkState = 'CRTD' | 'APPR' | 'REL' | 'PCNF' | 'CNF' | 'TECO' | 'CLSD' | 'LKD' | 'DLFL' | 'NCMP'

/** A maintenance order as the seed means it. */
export interface WorkOrder {
  index: number
  key: string
  created: number
  /** Null until the first change. */
  changed: number | null
  state: WorkState
  plant: Plant
  /** Either of them may be empty, not both. */
  equipment: string
  functionalLocation: string
  start: number
  end: number
}

export function workOrderKey(index: number): string {
  return String(FIRST_NUMBER.maintenanceOrder + index)
}

export function workOrderAt(world: World, index: number): WorkOrder {
  const dice = world.random('work', index)
  const { created, changed } = world.stamps('work', index, world.size.maintenanceOrders)
  const isOld = world.now - created > 60 * DAY
  const state = dice.weighted<WorkState>(isOld ? OLD : YOUNG)
  const place = functionalLocationAt(world, dice.int(0, world.size.functionalLocations - 1))
  const onEquipment = world.size.equipment > 0 && dice.chance(0.7)
  const start = wholeSecond(created + dice.int(0, 20) * DAY)
  const isUntouched = state === 'CRTD' && (changed === created || dice.chance(0.3))
  return {
    index,
    key: workOrderKey(index),
    created,
    changed: isUntouched ? null : changed,
    state,
    plant: plantAt(place.plant),
    equipment: onEquipment ? equipmentKey(dice.int(0, world.size.equipment - 1)) : '',
    functionalLocation: onEquipment && dice.chance(0.5) ? '' : place.key,
    start,
    end: start + dice.int(1, 72) * 3_600_000,
  }
}

const OLD = [
  ['CRTD', 6],
  ['REL', 12],
  ['PCNF', 6],
  ['CNF', 8],
  ['TECO', 28],
  ['CLSD', 28],
  ['LKD', 3],
  ['DLFL', 5],
  ['NCMP', 4],
] as const

const YOUNG = [
  ['CRTD', 35],
  ['APPR', 8],
  ['REL', 35],
  ['PCNF', 12],
  ['CNF', 4],
  ['TECO', 3],
  ['LKD', 2],
  ['DLFL', 1],
] as const
