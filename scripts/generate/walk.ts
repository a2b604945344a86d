import type { ArrayModel, EnumModel, FieldModel, Notation, RecordModel } from '../../schemas/model/index.ts'

type Inner = Notation | EnumModel | ArrayModel | RecordModel | 'bool'

/** What a field holds, apart from whether it may be null and what its default is. */
export function innerOf(type: FieldModel[1]): Inner {
  if (typeof type === 'string') return type
  if ('optional' in type) return type.optional
  return 'of' in type ? type.of : type
}

/** The record that a field holds, once or many times. */
function recordOf(type: FieldModel[1]): RecordModel | null {
  const inner = innerOf(type)
  if (typeof inner === 'string' || 'enum' in inner) return null
  if ('record' in inner) return inner
  return inner.items === 'str' ? null : inner.items
}

/** Every record, nested ones before those that hold them, each once. */
export function nestedFirst(records: readonly RecordModel[]): RecordModel[] {
  const found = new Map<string, RecordModel>()
  const visit = (record: RecordModel): void => {
    for (const [, type] of record.fields) {
      const nested = recordOf(type)
      if (nested !== null) visit(nested)
    }
    found.set(record.record, record)
  }
  records.forEach(visit)
  return [...found.values()]
}

/** Every vocabulary that the records use, each once. */
export function enumsOf(records: readonly RecordModel[]): EnumModel[] {
  const found = new Map<string, EnumModel>()
  for (const record of records) {
    for (const [, type] of record.fields) {
      const inner = innerOf(type)
      if (typeof inner !== 'string' && 'enum' in inner) found.set(inner.enum, inner)
    }
  }
  return [...found.values()]
}
