import { FIRST_NAMES, LAST_NAMES, TITLES } from '../seed/words.ts'
import type { StoredRow } from '../store.ts'
import type { Desk, Done } from './desk.ts'

/** Employees and locations; `id`: one of them, without it some. Every action moves the record. */
export function peopleActions(desk: Desk) {
  const done = (action: string, id: unknown, table = 'employee'): Done => ({ action, table, id: Number(id) })
  const employeeOf = (id?: number): StoredRow => (id === undefined ? desk.pick('employee') : desk.need('employee', id))

  return {
    newEmployee(): Done {
      const id = desk.nextId('entity')
      const [firstname, lastname] = [desk.dice.pick(FIRST_NAMES), desk.dice.pick(LAST_NAMES)]
      const now = desk.now()
      desk.insert('employee', {
        id,
        entityid: `${firstname} ${lastname} (${id})`,
        firstname,
        lastname,
        email: `u${id}@plant.example`,
        title: desk.dice.pick(TITLES),
        subsidiary: desk.oneWorld ? 1 : null,
        isinactive: false,
        giveaccess: true,
        issalesrep: false,
        hiredate: desk.calendar.day(now),
        datecreated: now,
        lastmodifieddate: now,
      })
      return done('newEmployee', id)
    },

    changeEmployee(id?: number): Done {
      const employee = employeeOf(id)
      const title = `${desk.dice.pick(TITLES)} ${desk.dice.int(1, 99_999)}`
      desk.update('employee', Number(employee['id']), { title, lastmodifieddate: desk.now() })
      return done('changeEmployee', employee['id'])
    },

    /** Sets the employee inactive, or active again. */
    toggleEmployee(id?: number): Done {
      const employee = employeeOf(id)
      const isLeaving = employee['isinactive'] !== 'T'
      desk.update('employee', Number(employee['id']), {
        isinactive: isLeaving,
        releasedate: isLeaving ? desk.calendar.day(desk.now()) : null,
        lastmodifieddate: desk.now(),
      })
      return done('toggleEmployee', employee['id'])
    },

    /** A location below which there is none: full names of others do not change. */
    renameLocation(id?: number): Done {
      const isLeaf = 'NOT EXISTS (SELECT 1 FROM "location" b WHERE b."parent" = "location"."id")'
      const location = id === undefined ? desk.pick('location', isLeaf) : desk.need('location', id)
      const above = location['parent'] === null ? null : desk.get('location', Number(location['parent']))
      const name = `Lager "${desk.dice.int(1, 99_999)}"`
      const fullname = above === null ? name : `${above['fullname']} : ${name}`
      desk.update('location', Number(location['id']), { name, fullname, lastmodifieddate: desk.now() })
      return done('renameLocation', location['id'], 'location')
    },
  }
}
