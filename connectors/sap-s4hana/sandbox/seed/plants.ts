import { PLANT_PLACES, type PlantPlace, STORAGE_LOCATIONS } from './cities.ts'
import type { World } from './world.ts'
import type { Writer } from './writer.ts'

export interface Plant extends PlantPlace {
  index: number
  storageLocations: readonly string[]
  workCenters: readonly string[]
  costCenters: readonly string[]
}

export function plantAt(index: number): Plant {
  const place = PLANT_PLACES[index % PLANT_PLACES.length] as PlantPlace
  const again = Math.floor(index / PLANT_PLACES.length)
  const key = again === 0 ? place.key : String(Number(place.key) + again * 2).padStart(4, '0')
  return {
    ...place,
    index,
    key,
    name: again === 0 ? place.name : `${place.name} ${again + 1}`,
    storageLocations: STORAGE_LOCATIONS.map(([letter]) => key.slice(0, 3) + letter),
    workCenters: ['RES-0100', 'MECH', 'ELEC', 'INSTR-Ü'],
    costCenters: [`${key}4100`, `${key}4200`, `${key}43Z0`],
  }
}

export function seedPlants(world: World, writer: Writer): void {
  const plant = writer.into('API_PLANT_SRV', 'A_Plant')
  const storageLocation = writer.into('API_STORAGELOCATION_SRV', 'StorageLocation')
  for (let index = 0; index < world.size.plants; index++) {
    const { key, name, company, companyName, storageLocations } = plantAt(index)
    plant({ Plant: key, PlantName: name, CompanyCode: company, CompanyCodeName: companyName })
    storageLocations.forEach((code, at) => {
      storageLocation({
        Plant: key,
        StorageLocation: code,
        StorageLocationName: STORAGE_LOCATIONS[at]?.[1] ?? '',
        SalesOrganization: at === 0 ? company : '',
        DistributionChannel: at === 0 ? '10' : '',
        Division: '',
        IsStorLocAuthznCheckActive: at === 3,
      })
    })
  }
}
