/** Support cases, tasks and custom records. */
import type { Session } from '../system.ts'
import { defineRecord, type Tables } from './define.ts'
import type { Draft, Loaded, RecordType } from './model.ts'

export function supportCaseType(tables: Tables): RecordType {
  return defineRecord(tables, {
    name: 'supportCase',
    title: 'Case',
    table: 'supportcase',
    permission: { name: 'Cases', path: 'Lists -> Cases' },
    fields: `
      caseNumber
      title !Subject
      incomingMessage
      status
      priority
      category
      origin
      caseType
      issue
      assigned
      company
      item
      serialNumber
      email
      phone
      startDate
      endDate
      timeToClose ro
      subsidiary
      isInactive
      externalId
      createdDate ro
      lastModifiedDate ro`,
    rules: { prepare: prepareCase },
  })
}

const CLOSED = '5'

function prepareCase(session: Session, { row }: Draft, before: Loaded | null): void {
  if (before === null) {
    row['casenumber'] ??= String(session.store.nextId('casenumber', session.store.count('supportcase') + 1))
    row['status'] ??= '1'
    row['priority'] ??= '2'
    row['startdate'] ??= session.now()
    row['isinactive'] ??= 'F'
  }
  if (row['status'] === undefined) return
  const wasClosed = before?.row['status'] === CLOSED
  if (row['status'] === CLOSED && !wasClosed) row['enddate'] ??= session.now()
  if (row['status'] !== CLOSED && wasClosed) row['enddate'] = null
}

export function taskType(tables: Tables): RecordType {
  return defineRecord(tables, {
    name: 'task',
    title: 'Task',
    table: 'task',
    permission: { name: 'Tasks', path: 'Lists -> Tasks' },
    fields: `
      title !
      message
      status
      priority
      assigned
      owner
      company
      supportCase
      transaction
      startDate
      dueDate
      completedDate
      estimatedTime
      actualTime
      percentComplete
      externalId
      createdDate ro
      lastModifiedDate ro`,
    rules: {
      prepare(session, { row }, before) {
        if (before !== null) return
        row['status'] ??= 'NOTSTART'
        row['priority'] ??= 'MEDIUM'
        row['startdate'] ??= new Date(session.now()).toISOString().slice(0, 10)
      },
    },
  })
}

/** Every table of custom records, its fields named as the columns are. */
export function customRecordTypes(tables: Tables): RecordType[] {
  const found = [...tables.values()].filter((table) => table.name.startsWith('customrecord'))
  return found.map((table) => {
    const own = [...table.columns.keys()].filter((name) => name.startsWith('custrecord_'))
    return defineRecord(tables, {
      name: table.name,
      title: 'Custom Record',
      table: table.name,
      permission: { name: 'Custom Record Entries', path: 'Lists -> Custom Record Entries' },
      fields: `
        name !
        isInactive
        externalId
        owner
        created ro
        lastModified ro
        ${own.join('\n')}`,
      rules: {
        prepare(_session, { row }, before) {
          if (before === null) row['isinactive'] ??= 'F'
        },
      },
    })
  })
}
