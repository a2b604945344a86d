/**
 * The compact notation in which the unified model is written down here (`schemas/model/*.ts`).
 * `npm run generate` turns it into the plain Avro files that everybody else uses.
 *
 * | notation | Avro                                              | in TypeScript            |
 * |----------|---------------------------------------------------|--------------------------|
 * | str      | string                                            | string                   |
 * | json     | string holding a JSON object (`connect.name` set) | string                   |
 * | dec      | bytes, decimal(38, 9)                             | decimal text, `'12.5'`   |
 * | date     | int, date                                         | `'2026-03-31'`           |
 * | ts       | long, timestamp-millis                            | epoch milliseconds       |
 * | long/int | long / int                                        | number (whole)           |
 * | bool     | boolean                                           | boolean                  |
 * | bytes    | bytes                                             | Buffer                   |
 *
 * A trailing `?` makes it nullable with default null.
 */
export type Scalar = 'str' | 'json' | 'dec' | 'date' | 'ts' | 'long' | 'int' | 'bool' | 'bytes'
export type Notation = Scalar | `${Scalar}?`

/** Non-null; symbol 0 is `UNKNOWN`, the default for readers that are older than the writer. */
export interface EnumModel {
  readonly enum: string
  readonly doc: string
  readonly symbols: readonly ['UNKNOWN', ...string[]]
}

/** Never null; default `[]`. */
export interface ArrayModel {
  readonly items: 'str' | RecordModel
}

export interface RecordModel {
  /** PascalCase. */
  readonly record: string
  readonly doc: string
  readonly fields: readonly FieldModel[]
}

/** Null by default; what commands are made of: null there means "not said". */
export interface OptionalModel {
  readonly optional: EnumModel | RecordModel | ArrayModel
}

/** A default other than the usual one. */
export interface DefaultModel {
  readonly of: EnumModel | 'bool'
  readonly otherwise: string | boolean
}

export type FieldModel = readonly [
  name: string,
  type: Notation | EnumModel | ArrayModel | OptionalModel | DefaultModel,
  doc: string,
]

/** Flat topic derived from one array of an entity: one record per element. */
export interface LineTopicModel {
  /** Topic segment, e.g. `purchase_order_line`. */
  readonly name: string
  /** The array field. */
  readonly field: string
  /** Which field of the element is its unified id. */
  readonly idField: string
  /** Field of the flat record that holds the header's id. */
  readonly headerIdField: string
  /** Field of the flat record that holds the header's status. */
  readonly headerStatusField: string
}

export interface EntityModel extends RecordModel {
  /** snake_case: topic segment. */
  readonly name: string
  readonly lineTopics?: readonly LineTopicModel[]
}
