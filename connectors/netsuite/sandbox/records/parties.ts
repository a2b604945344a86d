/** Employees and locations. */
import type { Session } from '../system.ts'
import { defineRecord, type Tables } from './define.ts'
import type { Draft, Loaded, RecordType } from './model.ts'

export function employeeType(tables: Tables): RecordType {
  return defineRecord(tables, {
    name: 'employee',
    title: 'Employee',
    table: 'employee',
    sequence: 'entity',
    permission: { name: 'Employee Record', path: 'Lists -> Employee Record' },
    fields: `
      entityId
      firstName !
      middleName
      lastName !
      email
      phone
      officePhone
      mobilePhone
      title
      department
      class
      location
      subsidiary !
      supervisor
      isInactive
      giveAccess
      isSalesRep
      hireDate
      releaseDate
      comments
      externalId
      dateCreated ro
      lastModifiedDate ro`,
    rules: { prepare: prepareEmployee },
  })
}

function prepareEmployee(_session: Session, { row }: Draft, before: Loaded | null): void {
  if (before !== null) return
  row['isinactive'] ??= 'F'
  const name = [row['firstname'], row['lastname']].filter((it) => it !== undefined && it !== null).join(' ')
  if (name !== '') row['entityid'] ??= name
}

export function locationType(tables: Tables): RecordType {
  return defineRecord(tables, {
    name: 'location',
    title: 'Location',
    table: 'location',
    permission: { name: 'Locations', path: 'Lists -> Locations' },
    fields: `
      name !
      fullName ro
      parent
      isInactive
      subsidiary as refs !
      locationType
      makeInventoryAvailable
      useBins
      mainAddress as address:entityaddress
      tranPrefix
      timeZone
      externalId
      lastModifiedDate ro`,
    rules: { prepare: prepareLocation },
  })
}

function prepareLocation(session: Session, { row }: Draft, before: Loaded | null): void {
  if (before === null) {
    row['isinactive'] ??= 'F'
    row['usebins'] ??= 'F'
    row['makeinventoryavailable'] ??= 'T'
  }
  const name = row['name'] ?? before?.row['name'] ?? null
  const parent = row['parent'] === undefined ? (before?.row['parent'] ?? null) : row['parent']
  const above = parent === null ? null : session.store.get('location', Number(parent))
  if (name !== null) row['fullname'] = above === null ? name : `${above['fullname']} : ${name}`
}
