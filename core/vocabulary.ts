import type { MappingSettings } from './connector.ts'

/**
 * Translates a native value into a symbol of a unified vocabulary: the connection's remap first, then the connector's
 * table; `UNKNOWN` when neither knows it (the verbatim value stays in the `source_*` field).
 *
 * @param field `entity.field`, as in `remaps` of the connection, e.g. `purchase_order.status`
 * @param symbols every symbol of the vocabulary: a remap to anything else counts as unknown
 */
export function fromVocabulary<Symbol extends string>(
  settings: Pick<MappingSettings, 'remaps'>,
  field: string,
  native: string | null,
  known: { readonly [native: string]: Symbol },
  symbols: readonly Symbol[],
): Symbol | 'UNKNOWN' {
  if (native === null) return 'UNKNOWN'
  const remap = settings.remaps[field]
  if (remap !== undefined && Object.hasOwn(remap, native)) {
    const symbol = remap[native] as Symbol
    return symbols.includes(symbol) ? symbol : 'UNKNOWN'
  }
  return Object.hasOwn(known, native) ? (known[native] as Symbol) : 'UNKNOWN'
}
