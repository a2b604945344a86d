/** What a writer's schema says that ours does not: what Avro's resolution would drop without a word. */
import type avsc from 'avsc'

type Fields = avsc.types.RecordType
type Symbols = avsc.types.EnumType

/** Paths of fields, and symbols of enums, that only `writer` has; types that do not fit are left to resolution. */
export function unknownParts(writer: avsc.Type, reader: avsc.Type): string[] {
  const found: string[] = []
  compare(writer, reader, '', new Set(), found)
  return found
}

/** The other branch of a nullable type. */
function present(type: avsc.Type): avsc.Type {
  if (!type.typeName.startsWith('union')) return type
  const branches = (type as unknown as { readonly types: readonly avsc.Type[] }).types
  return branches.find(({ typeName }) => typeName !== 'null') ?? type
}

function compare(writer: avsc.Type, reader: avsc.Type, path: string, seen: Set<avsc.Type>, found: string[]): void {
  const [theirs, ours] = [present(writer), present(reader)]
  if (theirs.typeName !== ours.typeName || seen.has(theirs)) return
  if (theirs.typeName === 'enum') {
    const known = new Set((ours as Symbols).symbols)
    for (const symbol of (theirs as Symbols).symbols) if (!known.has(symbol)) found.push(`${path} = ${symbol}`)
  } else if (theirs.typeName === 'array') {
    const items = (type: avsc.Type): avsc.Type => (type as avsc.types.ArrayType).itemsType
    compare(items(theirs), items(ours), `${path}[]`, seen, found)
  } else if (theirs.typeName === 'record') {
    seen.add(theirs)
    for (const field of (theirs as Fields).fields) {
      const inside = path === '' ? field.name : `${path}.${field.name}`
      const own = (ours as Fields).fields.find(({ name }) => name === field.name)
      if (own === undefined) found.push(inside)
      else compare(field.type, own.type, inside, seen, found)
    }
  }
}
