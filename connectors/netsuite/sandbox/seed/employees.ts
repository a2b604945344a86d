import { idsOf } from './ids.ts'
import { COUNTS } from './lists.ts'
import { DAY } from './times.ts'
import { FIRST_NAMES, LAST_NAMES, TITLES } from './words.ts'
import type { World } from './world.ts'
import type { Writer } from './writer.ts'

export function seedEmployees(world: World, { write }: Writer): void {
  const ids = idsOf(world.size)
  const names = new Map<string, number>()
  for (let index = 0; index < world.size.employees; index++) {
    const dice = world.random('employee', index)
    const { created, changed } = world.stamps('employee', index, world.size.employees)
    const [firstname, lastname] = [dice.pick(FIRST_NAMES), dice.pick(LAST_NAMES)]
    const name = `${firstname} ${lastname}`
    const same = names.get(name) ?? 0
    names.set(name, same + 1)
    const hasLeft = dice.chance(0.08)
    const hired = created - dice.int(1, 900) * DAY
    const place = world.locations.length > 0 ? dice.pick(world.locations) : null
    const id = ids.employee(index)
    write('employee', {
      id,
      entityid: same === 0 ? name : `${name} ${same + 1}`,
      firstname,
      middlename: dice.chance(0.1) ? 'J.' : null,
      lastname,
      email: index % 8 !== 6 && dice.chance(0.95) ? `u${id}@plant.example` : null,
      phone: dice.chance(0.6) ? `+49 40 ${dice.int(1000, 9999)}-${index % 100}` : null,
      mobilephone: dice.chance(0.3) ? `0${dice.int(150, 179)}/${dice.int(100_000, 999_999)}` : null,
      title: dice.chance(0.8) ? dice.pick(TITLES) : null,
      department: dice.chance(0.8) ? dice.int(1, COUNTS.departments) : null,
      location: place !== null && dice.chance(0.7) ? place.id : null,
      subsidiary: world.oneWorld ? (place?.subsidiary ?? 1) : null,
      supervisor: index > 0 && dice.chance(0.8) ? ids.employee(Math.floor(index / 5)) : null,
      isinactive: hasLeft || dice.chance(0.03),
      giveaccess: dice.chance(0.5),
      issalesrep: false,
      hiredate: dice.chance(0.9) ? world.calendar.day(hired) : null,
      releasedate: hasLeft || dice.chance(0.02) ? world.calendar.day(changed - DAY) : null,
      externalid: dice.chance(0.5) ? `EMP-${id}` : null,
      datecreated: created,
      lastmodifieddate: changed,
    })
  }
}
