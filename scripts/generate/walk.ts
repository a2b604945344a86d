import type { EnumModel, RecordModel } from '../../schemas/model/index.ts'

/** Every record, nested ones before those that hold them, each once. */
export function nestedFirst(records: readonly RecordModel[]): RecordModel[] {
  const found = new Map<string, RecordModel>()
  const visit = (record: RecordModel): void => {
    for (const [, type] of record.fields) {
      if (typeof type !== 'string' && 'items' in type && type.items !== 'str') visit(type.items)
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
      if (typeof type !== 'string' && 'enum' in type) found.set(type.enum, type)
    }
  }
  return [...found.values()]
}
