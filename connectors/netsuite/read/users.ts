import type { MappingSettings, Unified } from '../../../core/index.ts'
import type { NetSuiteConfig } from '../config.ts'
import { flag, type Row, text } from '../values.ts'
import { envelope } from './envelope.ts'
import { oneOf } from './references.ts'
import { instantOf, optional, plain, type WindowSource } from './source.ts'
import { streamOf } from './stream.ts'

const employeeSource = ({ subsidiaries }: NetSuiteConfig): WindowSource => ({
  table: 'employee',
  from: 'employee e',
  where: oneOf('e.subsidiary', subsidiaries),
  columns: {
    id: plain('e.id'),
    entityid: plain('e.entityid'),
    firstname: plain('e.firstname'),
    lastname: plain('e.lastname'),
    email: plain('e.email'),
    phone: optional(plain('e.phone')),
    title: optional(plain('e.title')),
    isinactive: plain('e.isinactive'),
    subsidiary: optional(plain('e.subsidiary')),
    created: optional(instantOf('e.datecreated')),
    lastmodified: instantOf('e.lastmodifieddate'),
  },
  key: ['id'],
  modified: 'lastmodified',
  deletedAs: ['employee'],
})

export const users = streamOf<'user'>({
  entity: 'user',
  mappingVersion: 1,
  ignoresWindow: true,
  source: employeeSource,
  toUnified: userOf,
})

/** `entityid` is the number where the account numbers its employees, else the name: then it is shown once. */
function userOf(employee: Row, settings: MappingSettings, key: string): Unified<'user'> {
  const number = text(employee['entityid'])
  const [first, last] = [text(employee['firstname']), text(employee['lastname'])]
  const name = [first, last].filter((part) => part !== null).join(' ') || number
  return {
    ...envelope(employee, settings, {
      key,
      displayName: number === null || name === null || number.includes(name) ? (number ?? name) : `${number} ${name}`,
      page: '/app/common/entity/employee.nl',
    }),
    user_number: number,
    name: name ?? key,
    first_name: first,
    last_name: last,
    email: text(employee['email']),
    phone: text(employee['phone']),
    job_title: text(employee['title']),
    role: null,
    is_active: flag(employee['isinactive']) !== true,
  }
}
