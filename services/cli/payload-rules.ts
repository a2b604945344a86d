import { REQUIRED_TO_CREATE, type WritableEntity } from '../../core/index.ts'

/** As much of JSON Schema as is written here. */
export interface JsonSchema {
  readonly [keyword: string]: unknown
  readonly type?: string | readonly string[]
  readonly properties?: { readonly [field: string]: JsonSchema }
  readonly required?: readonly string[]
  readonly allOf?: readonly JsonSchema[]
}

/** Without `then`: an object that has it is taken for a promise. */
export const implies = (condition: JsonSchema, consequence: JsonSchema): JsonSchema => ({
  anyOf: [{ not: condition }, consequence],
})

const given = (...names: readonly string[]): JsonSchema => ({
  required: names,
  properties: Object.fromEntries(names.map((name) => [name, { not: { type: 'null' } }])),
})

/**
 * What every system needs to create a record (docs/commands.md). One rule has no words in JSON Schema: a transfer needs
 * two different locations.
 */
export function modelRules(entity: WritableEntity, { properties = {} }: JsonSchema): JsonSchema[] {
  const $comment = 'what every system needs'
  const names = REQUIRED_TO_CREATE[entity] ?? []
  const rules = names.length === 0 ? [] : [{ $comment, ...given(...names) }]
  if (entity === 'item') rules.push({ $comment, anyOf: [given('unit'), given('source_unit')] } as never)
  const line = LINES[entity]
  if (line !== undefined && properties['lines'] !== undefined)
    rules.push({ $comment, required: ['lines'], properties: { lines: { minItems: 1 } }, allOf: line } as never)
  return rules
}

const eachLine = (items: JsonSchema): JsonSchema => ({ properties: { lines: { items } } })
const ofKinds = (kinds: readonly string[], line: JsonSchema): JsonSchema =>
  implies({ required: ['kind'], properties: { kind: { enum: kinds } } }, eachLine(line))

const number = (name: string, pattern: string, limits: JsonSchema): JsonSchema => ({
  required: [name],
  properties: { [name]: { not: { type: 'null' }, pattern, ...limits } },
})
const ABOVE_ZERO = ['^\\+?[0-9.]*[1-9][0-9.]*$', { exclusiveMinimum: 0 }] as const
const ZERO_OR_MORE = ['^(\\+?[0-9.]+|-[0.]+)$', { minimum: 0 }] as const
const NOT_ZERO = ['[1-9]', { not: { enum: [null, 0] } }] as const

const LINES: { readonly [E in WritableEntity]?: readonly JsonSchema[] } = {
  purchase_order: [
    eachLine(number('quantity_ordered', ...ABOVE_ZERO)),
    eachLine({ anyOf: [given('item_id'), given('description')] }),
  ],
  inventory_movement: [
    ofKinds(['RECEIPT'], { anyOf: [given('purchase_order_line_id'), given('item_id', 'to_location_id')] }),
    ofKinds(['ISSUE', 'SCRAP', 'VENDOR_RETURN', 'TRANSFER'], given('from_location_id')),
    ofKinds(['TRANSFER', 'ADJUSTMENT', 'COUNT'], given('to_location_id')),
    ofKinds(['COUNT'], number('quantity_counted', ...ZERO_OR_MORE)),
    ofKinds(['ADJUSTMENT'], number('quantity', ...NOT_ZERO)),
    ofKinds(['RECEIPT', 'ISSUE', 'SCRAP', 'VENDOR_RETURN', 'TRANSFER'], number('quantity', ...ABOVE_ZERO)),
  ],
}
