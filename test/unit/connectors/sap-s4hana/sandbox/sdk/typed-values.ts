/** Values of the SDK's typed entities, against the JSON they came from. */
import { defaultDeSerializers } from '@sap-cloud-sdk/odata-v2'
import type { Value } from '../../../../../../connectors/sap-s4hana/sandbox/model.ts'
import type { Api } from './client.ts'
import type { Field, SetModel } from './independent-model.ts'

/** Complaints about a typed entity; `row` is its JSON. */
export function wrongTyped(set: SetModel, api: Api, row: any, entity: any): string[] {
  const found: string[] = []
  if (!(entity instanceof api.entityConstructor)) found.push(`${set.name} is no ${api.entityConstructor._entityName}`)
  if (Object.keys(entity.getCustomFields()).length > 0) found.push(`${set.name} has fields the client does not know`)
  const values = new Map(Object.entries(entity).map(([name, value]) => [flat(name), value]))
  for (const { name, type } of set.fields) {
    const shown = plain(type, values.get(flat(name)))
    const meant = type === 'Edm.Decimal' ? canonical(row[name]) : row[name]
    if (shown !== instant(type, meant))
      found.push(`${set.name}.${name} is ${JSON.stringify(shown)}, its JSON ${JSON.stringify(meant)}`)
  }
  return found
}

/** A value as the SDK holds it, from its JSON. */
export function typedOf(field: Field, json: unknown): unknown {
  return (defaultDeSerializers as any)[field.type].deserialize(json)
}

/** A value as the SDK holds it, from a row of the sandbox. */
export function typedOfRow(field: Field, value: Value): unknown {
  if (field.type === 'Edm.DateTime') return typedOf(field, `/Date(${value})/`)
  return typedOf(field, field.type === 'Edm.DateTimeOffset' ? `/Date(${value}+0000)/` : value)
}

/** The schema's field (or link) for a name of the metadata: what queries are built with. */
export function fieldOf(api: Api, name: string): any {
  const field = Object.values(api.schema).find((it: any) => it._fieldName === name)
  if (field === undefined) throw new Error(`${api.entityConstructor._entityName} has no ${name}`)
  return field
}

/** Name of a field as the entity has it: `plantName` for `PlantName`. */
export function propertyOf(entity: object, name: string): string {
  const property = Object.keys(entity).find((it) => flat(it) === flat(name))
  if (property === undefined) throw new Error(`the entity has no ${name}`)
  return property
}

function plain(type: string, value: any): unknown {
  if (value === null || value === undefined) return value
  switch (type) {
    case 'Edm.Decimal':
    case 'Edm.Int64':
      return value.toFixed()
    case 'Edm.DateTime':
    case 'Edm.DateTimeOffset':
      return value.isValid() ? value.valueOf() : 'invalid'
    case 'Edm.Time':
      return `PT${[value.hours, value.minutes, value.seconds].map((it) => String(it).padStart(2, '0')).join(':')}`
    default:
      return value
  }
}

function instant(type: string, json: unknown): unknown {
  if (typeof json !== 'string') return json
  if (type === 'Edm.Time') return json.replace(/[HM]/g, ':').replace('S', '')
  if (type === 'Edm.Double' || type === 'Edm.Single') return Number(json)
  return type.startsWith('Edm.DateTime') ? Number(/-?\d+/.exec(json)?.[0]) : json
}

/** `12.500` → `12.5`, `-0` → `0`. */
function canonical(text: string | null): string | null {
  if (text === null) return null
  const bare = text.includes('.') ? text.replace(/\.?0+$/, '') : text
  return bare.replace(/^(-?)0+(?=\d)/, '$1')
}

function flat(name: string): string {
  return name.replaceAll('_', '').toLowerCase()
}
