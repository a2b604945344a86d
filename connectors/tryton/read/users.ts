import type { MappingSettings, Unified } from '../../../core/index.ts'
import { date, type Row, row, text, toDate } from '../values.ts'
import { type Source, streamOf } from './by-id.ts'
import { CONTACT_FIELDS, contact, PHONE_TYPES, phoneNumber } from './contacts.ts'
import { envelope, numbered } from './envelope.ts'

const DAY_MS = 86_400_000

/** `company.employee` with its party. */
export const employeeSource: Source<'user'> = {
  entity: 'user',
  mappingVersion: 1,
  ignoresWindow: true,
  model: 'company.employee',
  models: ['company.employee', 'party.party', 'party.contact_mechanism'],
  fields: ['end_date', 'party.code', 'party.name', ...CONTACT_FIELDS.map((field) => `party.${field}`)],
  touchedBy: ['', 'party.', 'party.contact_mechanisms.'],
  domain: (session) => [['company', '=', session.company.id]],
  // nobody writes the record on the day on which an employment ends
  alsoChanged: (since, until) => [
    [
      ['end_date', '>=', toDate(isoDay(since - DAY_MS))],
      ['end_date', '<', toDate(isoDay(until))],
    ],
  ],
  complete(employee, _session, now) {
    const last = date(employee['end_date'])
    const endsAt = last === null ? Number.POSITIVE_INFINITY : Date.parse(`${last}T00:00:00Z`) + DAY_MS
    const ended = endsAt <= now
    return { row: { ...employee, ended }, changedAt: ended ? endsAt : 0 }
  },
  toUnified: userOf,
}

export const users = streamOf(employeeSource)

const isoDay = (ms: number) => new Date(ms).toISOString().slice(0, 10)

function userOf(employee: Row, settings: MappingSettings, key: string): Unified<'user'> {
  const party = row(employee['party.']) ?? {}
  const number = text(party['code'])
  const name = text(party['name'])
  return {
    ...envelope(employee, settings, 'company.employee', key, numbered(number, name)),
    user_number: number,
    name: name ?? number ?? key,
    first_name: null,
    last_name: null,
    email: contact(party, 'email'),
    phone: phoneNumber(contact(party, ...PHONE_TYPES)),
    job_title: null,
    role: null,
    is_active: employee['ended'] !== true,
  }
}
