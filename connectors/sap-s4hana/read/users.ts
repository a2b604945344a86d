import { defineStream, type MappingSettings, type RawRecord, type Unified } from '../../../core/index.ts'
import type { SapSession } from '../session.ts'
import { children, flag, localInstant, type Row, text } from '../values.ts'
import { ADDRESS_EXPAND, addressOf, emailOf, phoneOf } from './addresses.ts'
import { envelope, numbered, systemZone } from './envelope.ts'
import type { Key } from './filters.ts'
import { type DatedSource, readByDate, readRow } from './keyset.ts'
import { lean } from './lean.ts'
import { stampsOf } from './partner-stamps.ts'
import { keyIn, requireDates } from './references.ts'
import { nextRows, type Rows } from './rows.ts'

const ROLES = 'to_BusinessPartnerRole'

/**
 * Business partners that are persons and employees. The change stamp is the partner's own: a role or address that
 * changes alone may not move it and is found when the stream is read whole again (README.md).
 */
const personSource = {
  service: 'API_BUSINESS_PARTNER',
  set: 'A_BusinessPartner',
  key: ['BusinessPartner'],
  filter: "BusinessPartnerCategory eq '1'",
  expand: [ROLES, 'to_AddressIndependentEmail', ...ADDRESS_EXPAND],
  date: 'LastChangeDate',
  time: 'LastChangeTime',
  createdDate: 'CreationDate',
  createdTime: 'CreationTime',
} as const satisfies DatedSource

export const users = defineStream<SapSession, 'user'>({
  entity: 'user',
  changes: 'incremental',
  deletes: 'by-absence',
  mappingVersion: 1,
  ignoresWindow: true,
  read: (session, range, signal) => readByDate(session, personSource, range, recordIn(session), signal),
  listKeys: listEmployees,
  async readOne(session, key, signal) {
    const { service, set, expand } = personSource
    const person = await readRow(session, service, set, { BusinessPartner: key }, expand, signal)
    return person === null || person['BusinessPartnerCategory'] !== '1' ? null : recordIn(session)(person)
  },
  toUnified: userOf,
})

/** Rows a sweep asks for at once: with the roles they are many. */
const KEYS_A_PAGE = 2000

/** Who is an employee is known by the roles alone, so a sweep reads them as well. */
async function* listEmployees(session: SapSession, signal: AbortSignal): AsyncGenerator<string[]> {
  const source = { ...personSource, select: ['BusinessPartner', 'Supplier', 'Customer'], expand: [ROLES] }
  let after: Key | null = null
  for (;;) {
    signal.throwIfAborted()
    const found: Rows = await nextRows(session, source, { conditions: [], after, top: KEYS_A_PAGE }, signal)
    // one that cannot be read is not gone
    const unread = found.undecodable.flatMap(({ key }) => key ?? [])
    const keys = [...found.rows.filter(isEmployee).map((person) => keyIn(person, 'BusinessPartner')), ...unread]
    if (keys.length > 0) yield keys
    if (!found.more || found.last === null) return
    after = found.last
  }
}

/** Employee, and external worker (service performer), as SAP delivers the roles (unverified). */
const EMPLOYEE_ROLES: readonly string[] = ['BUP003', 'BBP010']

/**
 * By role. A person whose roles cannot be seen counts as an employee unless it is a supplier or customer: sole traders
 * and consumers are persons as well.
 */
function isEmployee(person: Row): boolean {
  const roles = children(person[ROLES]).map((role) => text(role['BusinessPartnerRole']))
  if (roles.length > 0) return roles.some((role) => role !== null && EMPLOYEE_ROLES.includes(role))
  return text(person['Supplier']) === null && text(person['Customer']) === null
}

const recordIn =
  ({ timeZone }: SapSession) =>
  (person: Row): RawRecord | null => {
    if (!isEmployee(person)) return null
    requireDates(person, ['CreationDate'])
    for (const address of children(person['to_BusinessPartnerAddress'])) requireDates(address, ['ValidityEndDate'])
    return { key: keyIn(person, 'BusinessPartner'), ...stampsOf(person, timeZone), payload: lean(person) }
  }

function userOf(person: Row, settings: MappingSettings, key: string): Unified<'user'> {
  const zone = systemZone(settings)
  const number = text(person['BusinessPartner']) ?? key
  const [first, last] = [text(person['FirstName']), text(person['LastName'])]
  const whole = [first, last].filter((part) => part !== null).join(' ') || null
  const name = text(person['PersonFullName']) ?? whole ?? text(person['BusinessPartnerFullName'])
  const address = addressOf(person)
  return {
    ...envelope(person, settings, {
      key,
      displayName: numbered(number, name),
      createdAt: localInstant(person['CreationDate'], person['CreationTime'], zone),
      updatedAt: localInstant(person['LastChangeDate'], person['LastChangeTime'], zone),
      // the stamp does not move with every change
      version: null,
    }),
    user_number: number,
    name: name ?? number,
    first_name: first,
    last_name: last,
    email: emailOf(address) ?? emailOf({ to_EmailAddress: person['to_AddressIndependentEmail'] ?? null }),
    phone: phoneOf(address),
    job_title: null,
    role: null,
    is_active: flag(person['BusinessPartnerIsBlocked']) !== true && flag(person['IsMarkedForArchiving']) !== true,
  }
}
