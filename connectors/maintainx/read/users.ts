import type { MappingSettings, Unified } from '../../../core/index.ts'
import { COLLECTIONS } from '../collections.ts'
import { flag, type Row, text } from '../values.ts'
import { envelope } from './envelope.ts'
import { picked } from './records.ts'
import { streamOf } from './stream.ts'

/** Lists leave out roles of one's own, and no user says when it was changed. */
export const users = streamOf<'user'>({
  entity: 'user',
  mappingVersion: 1,
  ignoresWindow: true,
  collection: COLLECTIONS.users,
  isTimed: false,
  expandMany: [],
  expandOne: [],
  detailed: true,
  payload: (row, names) => ({
    // neither pay nor the last visit: nobody needs them
    ...picked(row, ['id', 'firstName', 'lastName', 'email', 'phoneNumber', 'role', 'customRole', 'extraFields']),
    organizationId: names.organization,
  }),
  isGone: (user) => flag(user['removedFromOrganization']) === true,
  toUnified: userOf,
})

function userOf(user: Row, settings: MappingSettings, key: string): Unified<'user'> {
  const [first, last] = [text(user['firstName']), text(user['lastName'])]
  const name = [first, last].filter((part) => part !== null).join(' ')
  const email = text(user['email'])
  const shown = name === '' ? email : name
  return {
    ...envelope(user, settings, key, shown),
    user_number: null,
    name: shown ?? key,
    first_name: first,
    last_name: last,
    email,
    phone: text(user['phoneNumber']),
    job_title: null,
    role: text(user['customRole']) ?? text(user['role']),
    is_active: true,
  }
}
