import type {
  ArrayModel,
  EntityModel,
  EnumModel,
  FieldModel,
  LineTopicModel,
  Notation,
  RecordModel,
} from '../../schemas/model/index.ts'

/** Plain Avro, as JSON. */
export type AvroSchema = string | AvroSchema[] | { [key: string]: unknown }
export interface AvroField {
  name: string
  type: AvroSchema
  default?: unknown
  doc: string
}
export interface AvroRecord {
  type: 'record'
  name: string
  namespace: string
  doc: string
  fields: AvroField[]
}

const SCALARS: { readonly [notation: string]: AvroSchema } = {
  str: 'string',
  // Sinks that know Debezium's type make a json column of it; all others see a string.
  json: { type: 'string', 'connect.name': 'io.debezium.data.Json' },
  dec: { type: 'bytes', logicalType: 'decimal', precision: 38, scale: 9 },
  date: { type: 'int', logicalType: 'date' },
  ts: { type: 'long', logicalType: 'timestamp-millis' },
  long: 'long',
  int: 'int',
  bool: 'boolean',
  bytes: 'bytes',
}

/** Avro of a record; named types are written out at their first use and referred to by name afterwards. */
export function topRecord(model: RecordModel, namespace: string): AvroRecord {
  return recordWith(model, namespace, new Set())
}

function recordWith(model: RecordModel, namespace: string, named: Set<string>): AvroRecord {
  return {
    type: 'record',
    name: model.record,
    namespace,
    doc: model.doc,
    fields: model.fields.map((field) => avroField(field, namespace, named)),
  }
}

function avroField([name, type, doc]: FieldModel, namespace: string, named: Set<string>): AvroField {
  if (typeof type === 'string') return { name, ...scalar(type), doc }
  if ('optional' in type) return { name, type: ['null', typeOf(type.optional, namespace, named)], default: null, doc }
  if ('of' in type) {
    const of = type.of === 'bool' ? 'boolean' : enumType(type.of, namespace, named)
    return { name, type: of, default: type.otherwise, doc }
  }
  return { name, type: typeOf(type, namespace, named), default: 'enum' in type ? 'UNKNOWN' : [], doc }
}

function typeOf(model: EnumModel | ArrayModel | RecordModel, namespace: string, named: Set<string>): AvroSchema {
  if ('enum' in model) return enumType(model, namespace, named)
  if ('items' in model) {
    return { type: 'array', items: model.items === 'str' ? 'string' : typeOf(model.items, namespace, named) }
  }
  const fullName = `${namespace}.${model.record}`
  if (named.has(fullName)) return model.record
  named.add(fullName)
  // Nested types share the namespace of the file: Avro inherits it.
  const { namespace: _, ...record } = recordWith(model, namespace, named)
  return record
}

function scalar(notation: Notation): { type: AvroSchema; default?: null } {
  const nullable = notation.endsWith('?')
  const type = SCALARS[nullable ? notation.slice(0, -1) : notation]
  if (type === undefined) throw new Error(`schemas/model: unknown notation ${notation}`)
  return nullable ? { type: ['null', type], default: null } : { type }
}

function enumType(model: EnumModel, namespace: string, named: Set<string>): AvroSchema {
  const fullName = `${namespace}.${model.enum}`
  if (named.has(fullName)) return model.enum
  named.add(fullName)
  return { type: 'enum', name: model.enum, doc: model.doc, symbols: [...model.symbols], default: 'UNKNOWN' }
}

/** The envelope, then the entity's own fields. */
export function entityRecord(entity: EntityModel, envelope: readonly FieldModel[]): RecordModel {
  return { record: entity.record, doc: entity.doc, fields: [...envelope, ...entity.fields] }
}

/**
 * The flat record of a line topic: who it belongs to, then the line's own fields. Its name differs from the nested
 * record's because code generators of other languages keep one class per full name.
 */
export function lineRecord(entity: EntityModel, line: LineTopicModel): RecordModel {
  const type = entity.fields.find(([name]) => name === line.field)?.[1]
  if (type === undefined || typeof type === 'string' || !('items' in type) || type.items === 'str') {
    throw new Error(`schemas/model: ${entity.name}.${line.field} is not an array of records`)
  }
  const status = entity.fields.find(([name]) => name === 'status')?.[1]
  if (status === undefined) throw new Error(`schemas/model: ${entity.name} has no status for its lines`)
  const head: FieldModel[] = [
    ['id', 'str', `Unified id of the line; equals ${line.idField} and the Kafka key.`],
    [line.headerIdField, 'str', `Unified id of the ${entity.name}.`],
    ['connection_id', 'str', "One customer's account in one system."],
    ['system', 'str', 'Connector id.'],
    [line.headerStatusField, status, `Status of the ${entity.name}.`],
    ['updated_at', 'ts?', `Last modification of the ${entity.name} according to the source.`],
    ['deleted_at', 'ts?', `Deletion of the ${entity.name}; null = live.`],
    ['synced_at', 'ts', 'When the source answered with this state.'],
  ]
  const own = new Set(type.items.fields.map(([name]) => name))
  const clash = head.find(([name]) => own.has(name))
  if (clash !== undefined) throw new Error(`schemas/model: ${line.name} has two fields named ${clash[0]}`)
  return {
    record: `${type.items.record}Row`,
    doc: `${type.items.doc} Derived from ${entity.name}.${line.field}.`,
    fields: [...head, ...type.items.fields],
  }
}
