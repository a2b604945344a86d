import { readFileSync } from 'node:fs'
import { XMLParser } from 'fast-xml-parser'
import type { EntitySet, EntityType, FunctionImport, Model, Navigation, Property } from './model.ts'
import { type Ends, joinOf } from './navigations.ts'
import { padOf } from './numbers.ts'

/** An XML element: attributes and children by name. */
interface Element {
  readonly [name: string]: string | readonly Element[] | undefined
}

const VERSION_2 = new Set(['API_MAINTENANCEORDER'])
/** CDS-based objects whose changes need If-Match (reference section 5; unverified, hence a switch). */
const WITH_ETAG = new Set(['MaintenanceOrder', 'Equipment', 'FunctionalLocation', 'MaintenanceNotification'])

const REPEATED = new Set([
  'EntityType',
  'Property',
  'NavigationProperty',
  'PropertyRef',
  'Association',
  'AssociationSet',
  'End',
  'EntitySet',
  'FunctionImport',
  'Parameter',
  'Key',
  'ReferentialConstraint',
  'Principal',
  'Dependent',
  'EntityContainer',
  'Schema',
  'edmx:DataServices',
  'edmx:Edmx',
])

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseAttributeValue: false,
  isArray: (name, _path, _isLeaf, isAttribute) => !isAttribute && REPEATED.has(name),
})

const models = new Map<string, Model>()

/** The model of a service, read from `metadata/<service>.edmx` once. @throws when there is no such file */
export function readModel(service: string): Model {
  const known = models.get(service)
  if (known !== undefined) return known
  const edmx = readFileSync(new URL(`./metadata/${service}.edmx`, import.meta.url), 'utf8')
  const model = buildModel(service, edmx)
  models.set(service, model)
  return model
}

function buildModel(service: string, edmx: string): Model {
  // the annotations are half of the document and say nothing about reading and writing
  const bare = edmx.replace(/<Annotations\b[\s\S]*?<\/Annotations>/g, '')
  const root = parser.parse(bare) as Element
  const schema = first(first(first(root, 'edmx:Edmx'), 'edmx:DataServices'), 'Schema')
  const container = first(schema, 'EntityContainer')
  const namespace = text(schema, 'Namespace')

  const sets = new Map<string, EntitySet>()
  const types = new Map<string, EntityType>()
  const functions = new Map<string, FunctionImport>()
  const model: Model = {
    service,
    version: VERSION_2.has(service) ? '0002' : '0001',
    namespace,
    edmx,
    sets,
    types,
    functions,
  }

  const navigations = new Map<string, Map<string, Navigation>>()
  for (const element of all(schema, 'EntityType')) {
    const name = text(element, 'Name')
    const keys = all(first(element, 'Key'), 'PropertyRef').map((key) => text(key, 'Name'))
    const links = new Map<string, Navigation>()
    navigations.set(name, links)
    types.set(name, {
      name,
      qualifiedName: `${namespace}.${name}`,
      keys,
      properties: new Map(all(element, 'Property').map((it) => [text(it, 'Name'), propertyOf(it, keys)])),
      navigations: links,
    })
  }
  for (const element of all(container, 'EntitySet')) {
    const name = text(element, 'Name')
    sets.set(name, {
      model,
      name,
      type: typeNamed(types, text(element, 'EntityType')),
      creatable: flag(element, 'sap:creatable'),
      updatable: flag(element, 'sap:updatable'),
      deletable: flag(element, 'sap:deletable'),
      addressable: flag(element, 'sap:addressable'),
      requiresEtag: WITH_ETAG.has(name),
    })
  }
  for (const element of all(schema, 'EntityType')) {
    const own = typeNamed(types, text(element, 'Name'))
    for (const link of all(element, 'NavigationProperty')) {
      navigations.get(own.name)?.set(text(link, 'Name'), navigationOf(link, own, schema, container, sets))
    }
  }
  for (const element of all(container, 'FunctionImport')) {
    functions.set(text(element, 'Name'), {
      name: text(element, 'Name'),
      method: text(element, 'm:HttpMethod'),
      parameters: all(element, 'Parameter').map((it) => ({
        name: text(it, 'Name'),
        type: text(it, 'Type'),
        nullable: it['Nullable'] === 'true',
      })),
      returnType: text(element, 'ReturnType'),
      entitySet: sets.get(text(element, 'EntitySet')) ?? null,
    })
  }
  return model
}

function propertyOf(element: Element, keys: readonly string[]): Property {
  const name = text(element, 'Name')
  const type = text(element, 'Type')
  const maxLength = count(element, 'MaxLength')
  return {
    name,
    type,
    nullable: element['Nullable'] !== 'false',
    maxLength,
    precision: count(element, 'Precision'),
    scale: count(element, 'Scale'),
    creatable: flag(element, 'sap:creatable'),
    updatable: flag(element, 'sap:updatable'),
    filterable: flag(element, 'sap:filterable'),
    sortable: flag(element, 'sap:sortable'),
    isKey: keys.includes(name),
    pad: padOf(name, type, text(element, 'sap:display-format'), maxLength),
  }
}

function navigationOf(
  link: Element,
  own: EntityType,
  schema: Element,
  container: Element,
  sets: ReadonlyMap<string, EntitySet>,
): Navigation {
  const relationship = local(text(link, 'Relationship'))
  const toRole = text(link, 'ToRole')
  const association = all(schema, 'Association').find((it) => text(it, 'Name') === relationship)
  const end = association && all(association, 'End').find((it) => text(it, 'Role') === toRole)
  const targetName = all(container, 'AssociationSet')
    .filter((it) => local(text(it, 'Association')) === relationship)
    .flatMap((it) => all(it, 'End'))
    .find((it) => text(it, 'Role') === toRole)
  const target = targetName && sets.get(text(targetName, 'EntitySet'))
  if (association === undefined || end === undefined || target === undefined) {
    throw new Error(`the metadata of ${text(schema, 'Namespace')} lacks the association ${relationship}`)
  }
  const many = text(end, 'Multiplicity') === '*'
  return {
    name: text(link, 'Name'),
    target,
    many,
    ...joinOf(text(link, 'Name'), own, target, many, endsOf(association, text(link, 'FromRole'))),
  }
}

/** The referential constraint seen from the navigating side, or null when the metadata has none. */
function endsOf(association: Element, fromRole: string): Ends | null {
  const constraint = all(association, 'ReferentialConstraint')[0]
  if (constraint === undefined) return null
  const names = (side: Element) => all(side, 'PropertyRef').map((it) => text(it, 'Name'))
  const principal = first(constraint, 'Principal')
  const dependent = first(constraint, 'Dependent')
  return text(principal, 'Role') === fromRole
    ? { own: names(principal), theirs: names(dependent) }
    : { own: names(dependent), theirs: names(principal) }
}

function typeNamed(types: ReadonlyMap<string, EntityType>, qualified: string): EntityType {
  const type = types.get(local(qualified))
  if (type === undefined) throw new Error(`the metadata names the type ${qualified}, but does not define it`)
  return type
}

function all(element: Element, name: string): readonly Element[] {
  const found = element[name]
  return Array.isArray(found) ? (found as readonly Element[]) : []
}

function first(element: Element, name: string): Element {
  return all(element, name)[0] ?? {}
}

function text(element: Element, name: string): string {
  const found = element[name]
  return typeof found === 'string' ? found : ''
}

function flag(element: Element, name: string): boolean {
  return element[name] !== 'false'
}

function count(element: Element, name: string): number | null {
  const found = Number(text(element, name) || Number.NaN)
  return Number.isInteger(found) ? found : null
}

function local(qualified: string): string {
  return qualified.slice(qualified.lastIndexOf('.') + 1)
}
