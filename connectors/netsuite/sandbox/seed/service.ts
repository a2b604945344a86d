import { idsOf } from './ids.ts'
import { itemAt } from './items.ts'
import type { Random } from './random.ts'
import { DAY } from './times.ts'
import { vendorAt } from './vendors.ts'
import { JOBS, TEXTS } from './words.ts'
import type { World } from './world.ts'
import type { Writer } from './writer.ts'

const person = (world: World, dice: Random): number | null =>
  world.size.employees > 0 && dice.chance(0.8)
    ? idsOf(world.size).employee(dice.int(0, world.size.employees - 1))
    : null
const company = (world: World, dice: Random): number | null =>
  world.size.vendors > 0 && dice.chance(0.4) ? vendorAt(world, dice.int(0, world.size.vendors - 1)).id : null
const asset = (world: World, dice: Random): number | null =>
  world.size.assets > 0 && dice.chance(0.8) ? idsOf(world.size).asset(dice.int(0, world.size.assets - 1)) : null

export function seedCases(world: World, { write }: Writer): void {
  for (let index = 0; index < world.size.cases; index++) {
    const dice = world.random('case', index)
    const { created, changed } = world.stamps('case', index, world.size.cases)
    const status = String(index < 5 ? index + 1 : dice.pick([1, 2, 2, 3, 4, 5, 5, 5]))
    write('supportcase', {
      id: index + 1,
      casenumber: String(index + 1),
      title: `${dice.pick(JOBS)} ${index + 1}`,
      incomingmessage: dice.chance(0.5) ? dice.pick(TEXTS) : null,
      status,
      priority: dice.chance(0.9) ? String(dice.int(1, 3)) : null,
      category: dice.chance(0.5) ? dice.pick(['Maintenance', 'Störung', 'Safety']) : null,
      origin: dice.chance(0.4) ? dice.pick(['Email', 'Phone', 'Web']) : null,
      casetype: dice.chance(0.5) ? dice.pick(['Problem', 'Question']) : null,
      assigned: person(world, dice),
      company: company(world, dice),
      item: world.size.items > 0 && dice.chance(0.3) ? itemAt(world, dice.int(0, world.size.items - 1)).id : null,
      serialnumber: dice.chance(0.2) ? `SN/${index}` : null,
      email: dice.chance(0.4) ? `case${index}@example.com` : null,
      phone: dice.chance(0.2) ? '+49 40 12345' : null,
      startdate: created,
      enddate: status === '5' ? changed : null,
      timetoclose: status === '5' ? String(Math.round((changed - created) / 36_000) / 100) : null,
      subsidiary: world.oneWorld ? 1 : null,
      isinactive: false,
      externalid: dice.chance(0.2) ? `CASE-${index}` : null,
      createddate: created,
      lastmodifieddate: changed,
    })
  }
}

export function seedTasks(world: World, { write }: Writer): void {
  for (let index = 0; index < world.size.tasks; index++) {
    const dice = world.random('task', index)
    const { created, changed } = world.stamps('task', index, world.size.tasks)
    const status = dice.pick(['NOTSTART', 'PROGRESS', 'COMPLETE'])
    const day = world.calendar.day
    write('task', {
      id: index + 1,
      title: `${dice.pick(JOBS)} #${index + 1}`,
      message: dice.chance(0.4) ? dice.pick(TEXTS) : null,
      status,
      priority: dice.chance(0.95) ? dice.pick(['HIGH', 'MEDIUM', 'LOW']) : null,
      assigned: person(world, dice),
      owner: person(world, dice),
      company: company(world, dice),
      supportcase: world.size.cases > 0 && dice.chance(0.3) ? dice.int(1, world.size.cases) : null,
      startdate: dice.chance(0.9) ? day(created) : null,
      duedate: dice.chance(0.7) ? day(created + dice.int(1, 30) * DAY) : null,
      completeddate: status === 'COMPLETE' ? day(changed) : null,
      estimatedtime: dice.chance(0.5) ? `${dice.int(0, 12)}.5` : null,
      actualtime: status === 'NOTSTART' ? null : `${dice.int(0, 20)}.25`,
      percentcomplete: status === 'COMPLETE' ? '100' : status === 'PROGRESS' ? '50' : null,
      createddate: created,
      lastmodifieddate: changed,
    })
  }
}

const STATES = ['Open', 'In progress', 'On hold', 'Done', 'Cancelled', 'Warte auf Teile']

/** Maintenance orders of a custom record. */
export function seedMaintenance(world: World, { write }: Writer): void {
  for (let index = 0; index < world.size.maintenance; index++) {
    const dice = world.random('maintenance', index)
    const { created, changed } = world.stamps('maintenance', index, world.size.maintenance)
    const status = STATES[index] ?? dice.pick(STATES)
    const isDone = status === 'Done'
    const place = world.locations.length > 0 && dice.chance(0.7) ? dice.pick(world.locations) : null
    write('customrecord_maintenance', {
      id: index + 1,
      name: `${dice.pick(JOBS)} ${index + 1}`,
      isinactive: dice.chance(0.03),
      externalid: dice.chance(0.3) ? `MNT-${index + 1}` : null,
      owner: person(world, dice),
      created,
      lastmodified: changed,
      lastmodifiedby: person(world, dice),
      custrecord_mnt_number: `M-${String(index + 1).padStart(5, '0')}`,
      custrecord_mnt_description: dice.chance(0.6) ? dice.pick(TEXTS) : null,
      custrecord_mnt_status: status,
      custrecord_mnt_priority: dice.chance(0.9) ? dice.pick(['Low', 'Medium', 'High', 'Urgent']) : null,
      custrecord_mnt_type: dice.chance(0.9) ? dice.pick(['Corrective', 'Preventive', 'Inspection', 'Umbau']) : null,
      custrecord_mnt_asset: asset(world, dice),
      custrecord_mnt_location: place?.id ?? null,
      custrecord_mnt_requester: person(world, dice),
      custrecord_mnt_assignee: person(world, dice),
      custrecord_mnt_vendor: company(world, dice),
      custrecord_mnt_start: dice.chance(0.8) ? created + DAY : null,
      custrecord_mnt_end: dice.chance(0.7) ? created + 2 * DAY : null,
      custrecord_mnt_due: dice.chance(0.8) ? created + dice.int(2, 40) * DAY : null,
      custrecord_mnt_completed: isDone ? changed : null,
      custrecord_mnt_hours_estimated: dice.chance(0.6) ? `${dice.int(0, 16)}.5` : null,
      custrecord_mnt_hours_actual: isDone ? `${dice.int(1, 20)}.75` : null,
      custrecord_mnt_cost: isDone && dice.chance(0.8) ? `${dice.int(10, 9000)}.05` : null,
    })
  }
}
