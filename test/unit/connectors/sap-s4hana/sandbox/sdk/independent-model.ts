/** A service's metadata as the SDK's own parser reads it, joined by this file and not by the sandbox's reader. */
import {
  parseAssociation,
  parseAssociationSets,
  parseEntitySetsV2,
  parseEntityTypes,
  parseFunctionImportsV2,
  readEdmxFile,
} from '@sap-cloud-sdk/generator/internal.js'

/** Attributes of an XML element, as text. */
type Attributes = { readonly [name: string]: string | undefined }

export interface Field {
  readonly name: string
  readonly type: string
  readonly nullable: boolean
  readonly maxLength: number | null
  readonly precision: number | null
  readonly scale: number | null
  readonly format: string
  readonly creatable: boolean
  readonly updatable: boolean
  readonly filterable: boolean
  readonly sortable: boolean
}

export interface Link {
  readonly name: string
  readonly target: string
  readonly many: boolean
}

export interface SetModel {
  readonly name: string
  /** With namespace, as in `__metadata.type`. */
  readonly type: string
  readonly keys: readonly string[]
  readonly fields: readonly Field[]
  readonly links: readonly Link[]
  readonly creatable: boolean
  readonly updatable: boolean
  readonly deletable: boolean
  readonly addressable: boolean
}

export interface Operation {
  readonly name: string
  readonly method: string
  readonly returnType: string
  readonly parameters: readonly { readonly name: string; readonly type: string }[]
}

export interface IndependentModel {
  readonly sets: readonly SetModel[]
  readonly operations: readonly Operation[]
}

export function readIndependently(file: string): IndependentModel {
  const { root } = readEdmxFile(file)
  const types = new Map(parseEntityTypes(root).map((type) => [`${type.Namespace}.${type.Name}`, type]))
  const associations = parseAssociation(root)
  const ends = new Map(parseAssociationSets(root).map((set) => [local(set.Association), set.End]))
  const sets = parseEntitySetsV2(root).map((set) => {
    const type = types.get(set.EntityType)
    if (type === undefined) throw new Error(`no type ${set.EntityType}`)
    const attributes = set as unknown as Attributes
    return {
      name: set.Name,
      type: set.EntityType,
      keys: type.Key.PropertyRef.map((it) => it.Name),
      fields: type.Property.map((it) => fieldOf(it as unknown as Attributes)),
      links: type.NavigationProperty.map((link) => {
        const name = local(link.Relationship)
        const end = associations.find((it) => it.Name === name)?.End.find((it) => it.Role === link.ToRole)
        const target = ends.get(name)?.find((it) => it.Role === link.ToRole)
        if (end === undefined || target === undefined) throw new Error(`no association ${name}`)
        return { name: link.Name, target: target.EntitySet, many: end.Multiplicity === '*' }
      }),
      creatable: on(attributes, 'creatable'),
      updatable: on(attributes, 'updatable'),
      deletable: on(attributes, 'deletable'),
      addressable: on(attributes, 'addressable'),
    }
  })
  const operations = parseFunctionImportsV2(root).map((it) => ({
    name: it.Name,
    method: it['m:HttpMethod'],
    returnType: it.ReturnType ?? '',
    parameters: it.Parameter.map(({ Name: name, Type: type }) => ({ name, type })),
  }))
  return { sets, operations }
}

function fieldOf(attributes: Attributes): Field {
  return {
    name: attributes['Name'] ?? '',
    type: attributes['Type'] ?? '',
    nullable: attributes['Nullable'] !== 'false',
    maxLength: number(attributes['MaxLength']),
    precision: number(attributes['Precision']),
    scale: number(attributes['Scale']),
    format: attributes['sap:display-format'] ?? '',
    creatable: on(attributes, 'creatable'),
    updatable: on(attributes, 'updatable'),
    filterable: on(attributes, 'filterable'),
    sortable: on(attributes, 'sortable'),
  }
}

function on(attributes: Attributes, flag: string): boolean {
  return attributes[`sap:${flag}`] !== 'false'
}

function number(text: string | undefined): number | null {
  return text === undefined ? null : Number(text)
}

function local(qualified: string): string {
  return qualified.slice(qualified.lastIndexOf('.') + 1)
}
