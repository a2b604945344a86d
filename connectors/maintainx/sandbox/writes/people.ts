/** Users, teams, and the lists of words: categories, custom statuses, custom fields. */
import type { JsonObject } from '../description/index.ts'
import { invalid, missing } from '../http.ts'
import {
  checkName,
  checkReferences,
  type Command,
  given,
  mergedExtraFields,
  record,
  time,
  type Write,
} from '../plant.ts'
import type { Doc, Resource } from '../store.ts'

const USER_FIELDS = [
  'firstName',
  'lastName',
  'role',
  'customRole',
  'email',
  'phoneNumber',
  'authType',
  'externalData',
  'hourlyRate',
]

/** @throws Refusal 400 when somebody else has the address */
function checkEmail({ plant, body, ids }: Command): void {
  const email = body['email']
  if (typeof email !== 'string') return
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw invalid('email', `'email' is no e-mail address`, email)
  if (plant.store.where('users', { email }).some(({ id }) => id !== ids['id']))
    throw invalid('email', 'a user with this email exists', email)
}

function tell({ plant, actor }: Command, type: string, user: Doc, more: JsonObject = {}): void {
  plant.emit({
    type,
    organizationId: user.organizationId,
    subject: `users/${user.id}`,
    payload: {
      orgId: user.organizationId,
      actorId: actor.userId,
      targetUserId: user.id,
      ...more,
      occurredAt: time(plant),
    },
  })
}

const createUser: Write = (command) => {
  const { plant, actor, body } = command
  checkName(body, 'firstName')
  checkEmail(command)
  const doc = plant.store.insert('users', {
    organizationId: actor.organizationId,
    customRole: null,
    email: null,
    phoneNumber: null,
    externalData: null,
    extraFields: {},
    hourlyRate: null,
    lastVisitedAt: null,
    authType: 'NORMAL',
    ...given(body, [...USER_FIELDS, 'extraFields']),
    role: body['role'] ?? 'MEMBER',
  })
  tell(command, 'USER_INVITED', doc, { role: String(doc['role']), creationMethod: 'API' })
  return { doc, resource: 'users' }
}

const changeUser: Write = (command) => {
  const { plant, body, ids } = command
  const doc = record(command, 'users', ids['id'])
  checkName(body, 'firstName')
  checkEmail(command)
  const changed = plant.store.update('users', doc.id, { ...given(body, USER_FIELDS), ...mergedExtraFields(doc, body) })
  const [oldRole, newRole] = [String(doc['role']), String(changed['role'])]
  if (oldRole !== newRole) tell(command, 'USER_ROLE_CHANGED', changed, { oldRole, newRole })
  return { doc: changed, resource: 'users' }
}

const removeUser: Write = (command) => {
  const { plant, actor, ids } = command
  const doc = record(command, 'users', ids['id'])
  if (doc.id === actor.userId) throw invalid('id', 'you cannot remove yourself', doc.id)
  plant.store.remove('users', doc.id)
  tell(command, 'USER_REMOVED', doc)
  for (const team of plant.store.all('teams')) {
    const members = membersOf(team)
    if (members.some(({ id }) => id === doc.id))
      plant.store.update('teams', team.id, { members: members.filter(({ id }) => id !== doc.id) })
  }
  return null
}

interface Member {
  readonly [field: string]: number | string
  readonly id: number
  readonly teamRole: string
}

export const membersOf = (team: Doc): readonly Member[] => (team['members'] ?? []) as unknown as readonly Member[]

/** As lists of members show one; null = the user is gone. */
export function memberShown({ plant }: Pick<Command, 'plant'>, { id, teamRole }: Member): JsonObject | null {
  const user = plant.store.get('users', id)
  if (user === null || user.deletedAt != null) return null
  return { id, firstName: user['firstName'] ?? '', lastName: user['lastName'] ?? '', teamRole }
}

const createTeam: Write = (command) => {
  const { plant, actor, body } = command
  checkName(body, 'name')
  checkReferences(command, { assetIds: 'assets', locationIds: 'locations', memberIds: 'users' })
  const members = ((body['memberIds'] ?? []) as readonly number[]).map((id) => ({ id, teamRole: 'MEMBER' }))
  const doc = plant.store.insert('teams', {
    organizationId: actor.organizationId,
    description: '',
    assetIds: [],
    locationIds: [],
    ...given(body, ['name', 'description', 'assetIds', 'locationIds']),
    members,
  })
  return { doc, resource: 'teams' }
}

const changeTeam: Write = (command) => {
  const { plant, body, ids } = command
  const doc = record(command, 'teams', ids['id'])
  checkName(body, 'name')
  checkReferences(command, { assetIds: 'assets', locationIds: 'locations' })
  return {
    doc: plant.store.update('teams', doc.id, given(body, ['name', 'description', 'assetIds', 'locationIds'])),
    resource: 'teams',
  }
}

const addMember: Write = (command) => {
  const { plant, body, ids } = command
  const team = record(command, 'teams', ids['id'])
  checkReferences(command, { id: 'users' })
  const id = body['id'] as number
  const others = membersOf(team).filter((member) => member.id !== id)
  plant.store.update('teams', team.id, { members: [...others, { id, teamRole: String(body['teamRole'] ?? 'MEMBER') }] })
  return { body: { id } }
}

function memberOf(command: Command): { team: Doc; member: Member } {
  const team = record(command, 'teams', command.ids['teamId'])
  const member = membersOf(team).find(({ id }) => id === command.ids['userId'])
  if (member === undefined) throw missing('Team member')
  return { team, member }
}

const changeMember: Write = (command) => {
  const { team, member } = memberOf(command)
  const changed = { ...member, teamRole: String(command.body['teamRole'] ?? member.teamRole) }
  command.plant.store.update('teams', team.id, {
    members: membersOf(team).map((each) => (each.id === member.id ? changed : each)),
  })
  return { body: { member: memberShown(command, changed) } }
}

const removeMember: Write = (command) => {
  const { team, member } = memberOf(command)
  command.plant.store.update('teams', team.id, { members: membersOf(team).filter(({ id }) => id !== member.id) })
  return null
}

/** Lists of words, whose label is theirs alone. */
function labelled(
  resource: Resource,
  fields: readonly string[],
  defaults: JsonObject,
): { create: Write; change: Write } {
  const check = ({ plant, body, ids }: Command): void => {
    checkName(body, 'label')
    const taken =
      typeof body['label'] === 'string' &&
      plant.store.where(resource, { label: body['label'] }).some(({ id }) => id !== ids['id'])
    if (taken) throw invalid('label', `'${String(body['label'])}' exists already`, String(body['label']))
  }
  return {
    create(command) {
      check(command)
      const { plant, actor, body } = command
      return {
        doc: plant.store.insert(resource, {
          organizationId: actor.organizationId,
          ...defaults,
          ...given(body, fields),
        }),
        resource,
      }
    },
    change(command) {
      const doc = record(command, resource, command.ids['id'])
      check(command)
      return { doc: command.plant.store.update(resource, doc.id, given(command.body, fields)), resource }
    },
  }
}
const categories = labelled('categories', ['label', 'description'], { description: '' })
const customStatuses = labelled('assetcustomstatuses', ['label', 'baseAssetStatus'], { downtimeType: null })

const createCustomFields: Write = ({ plant, actor, path, body }) => {
  const fields = body['fields'] as readonly JsonObject[]
  const before = plant.store.where('customfields', { entity: path['entity'] ?? '' })
  const made = fields.map((field, at) => {
    if (before.some(({ label }) => label === field['label']))
      throw invalid(`fields.${at}.label`, 'a custom field of this name exists', String(field['label']))
    return plant.store.insert('customfields', {
      organizationId: actor.organizationId,
      options: [],
      ...field,
      entity: path['entity'] ?? '',
      sortOrder: before.length + at,
    })
  })
  return {
    body: made.map(({ id, label, type, sortOrder, options }) => ({
      id,
      label,
      type,
      sortOrder,
      options: options ?? [],
    })),
  }
}

const changeCustomField: Write = (command) => {
  const { plant, body, ids } = command
  const doc = record(command, 'customfields', ids['id'])
  plant.store.update('customfields', doc.id, { ...(body['field'] as JsonObject), changedAt: time(plant) })
  return null
}

export const peopleWrites: Readonly<Record<string, Write>> = {
  'POST /users': createUser,
  'PATCH /users/{id}': changeUser,
  'DELETE /users/{id}': removeUser,
  'POST /teams': createTeam,
  'PATCH /teams/{id}': changeTeam,
  'POST /teams/{id}/members': addMember,
  'PATCH /teams/{teamId}/members/{userId}': changeMember,
  'DELETE /teams/{teamId}/members/{userId}': removeMember,
  'POST /categories': categories.create,
  'PATCH /categories/{id}': categories.change,
  'POST /assetcustomstatuses': customStatuses.create,
  'PATCH /assetcustomstatuses/{id}': customStatuses.change,
  'POST /customfields/{entity}': createCustomFields,
  'PATCH /customfields/{entity}/{id}': changeCustomField,
}
