/** `GET /record/v1/metadata-catalog[/vendor][?select=vendor,purchaseOrder]` */
import { hasFeature } from '../account.ts'
import { type Answer, json, parametersOf, type Request } from '../http.ts'
import type { Session } from '../system.ts'
import type { Field } from './fields.ts'
import { isOn, type RecordType } from './model.ts'
import { type RecordTypes, recordType } from './registry.ts'

/** JSON schemas when one type is asked for, else the list of types. */
export function readMetadata(session: Session, types: RecordTypes, name: string | undefined, request: Request): Answer {
  if (name !== undefined) {
    const schema = schemaOf(session, recordType(session, types, name))
    return json(200, schema, { 'content-type': 'application/schema+json; charset=UTF-8' })
  }
  const select = parametersOf(request.query).get('select')
  const chosen =
    select === null
      ? [...types.values()].filter((type) => type.feature === null || hasFeature(session.account, type.feature))
      : select.split(',').map((it) => recordType(session, types, it.trim()))
  const wantsSchema = (request.headers['accept'] ?? '').includes('application/schema+json')
  const items = chosen.map((type) => {
    const href = `${session.root}/record/v1/metadata-catalog/${type.name}`
    if (wantsSchema && select !== null) return { name: type.name, schema: schemaOf(session, type) }
    return {
      name: type.name,
      links: [
        { rel: 'canonical', href },
        { rel: 'describes', href: `${session.root}/record/v1/${type.name}` },
      ],
    }
  })
  return json(200, { items })
}

function schemaOf(session: Session, type: RecordType) {
  const properties: Record<string, unknown> = {
    id: { title: 'Internal ID', type: 'string' },
    links: { title: 'Links', type: 'array', readOnly: true },
  }
  for (const field of type.fields.values()) if (isOn(session, field)) properties[field.name] = propertyOf(field)
  for (const sublist of type.sublists.values()) {
    const lines: Record<string, unknown> = {}
    for (const field of sublist.fields.values()) if (isOn(session, field)) lines[field.name] = propertyOf(field)
    const items = { type: 'array', items: { type: 'object', properties: lines } }
    properties[sublist.name] = { type: 'object', properties: { items } }
  }
  return { type: 'object', properties, 'x-ns-custom-field': false }
}

const SIMPLE: { readonly [type in Field['type']]?: object } = {
  text: { type: 'string' },
  bool: { type: 'boolean' },
  number: { type: 'number', format: 'double' },
  integer: { type: 'integer', format: 'int64' },
  date: { type: 'string', format: 'date' },
  datetime: { type: 'string', format: 'date-time' },
}

function propertyOf(field: Field): object {
  const title = { title: field.label, ...(field.readOnly ? { readOnly: true } : {}), nullable: !field.required }
  const simple = SIMPLE[field.type]
  if (simple !== undefined) return { ...title, ...simple }
  const properties = { id: { type: 'string' }, refName: { type: 'string' } }
  if (field.type === 'enum' && field.choices !== null) {
    const ids = Object.keys(field.choices)
    return { ...title, type: 'object', properties: { ...properties, id: { type: 'string', enum: ids } } }
  }
  return { ...title, type: 'object', properties }
}
