import { FIRST_NUMBER } from './numbers.ts'
import { plantAt } from './plants.ts'
import { MACHINES } from './words.ts'
import type { World } from './world.ts'

/** A node of the tree of functional locations: plant, area, place. */
export interface Place {
  index: number
  key: string
  /** What people read; for places with an internal number it is all they read. */
  label: string
  level: 0 | 1 | 2
  superior: string
  superiorLabel: string
  plant: number
  machine: number
}

const AREAS = MACHINES.length

/** The first ones are the plants, then the areas of the plants, then the places in the areas. */
export function functionalLocationAt(world: World, index: number): Place {
  const plants = Math.min(world.size.plants, world.size.functionalLocations)
  const areas = plants * AREAS
  if (index < plants) return node(index, 0, '', '', index, 0, plantAt(index).key)
  if (index < plants + areas) {
    const plant = (index - plants) % plants
    const machine = Math.floor((index - plants) / plants)
    const above = plantAt(plant).key
    return node(index, 1, above, above, plant, machine, `${above}-${MACHINES[machine]?.[0]}S`)
  }
  const area = functionalLocationAt(world, plants + ((index - plants - areas) % areas))
  const label = `${area.label}-${String(Math.floor((index - plants - areas) / areas) + 1).padStart(3, '0')}`
  // Systems with alternative labelling know a location by an internal number.
  const key = index % 33 === 20 ? `?${String(index).padStart(19, '0')}` : label
  return { ...node(index, 2, area.key, area.label, area.plant, area.machine, label), key }
}

function node(
  index: number,
  level: 0 | 1 | 2,
  superior: string,
  superiorLabel: string,
  plant: number,
  machine: number,
  label: string,
): Place {
  return { index, key: label, label, level, superior, superiorLabel, plant, machine }
}

export function equipmentKey(index: number): string {
  return String(FIRST_NUMBER.equipment + index)
}
