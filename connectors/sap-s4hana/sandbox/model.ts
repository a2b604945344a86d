/**
 * What a service's metadata says, and how values are held inside the sandbox.
 *
 * | Edm type | value |
 * | --- | --- |
 * | String, Guid, Binary, Time | string (`''` is empty, never null for String; Time is `PT10H00M00S`) |
 * | Decimal, Int64, Double, Single | decimal string |
 * | Byte, SByte, Int16, Int32 | number |
 * | Boolean | boolean |
 * | DateTime, DateTimeOffset | epoch ms, or null when absent |
 */
export type Value = string | number | boolean | null

export type Row = { [property: string]: Value }

export interface Property {
  readonly name: string
  /** e.g. `Edm.String`. */
  readonly type: string
  readonly nullable: boolean
  readonly maxLength: number | null
  readonly precision: number | null
  readonly scale: number | null
  readonly creatable: boolean
  readonly updatable: boolean
  readonly filterable: boolean
  readonly sortable: boolean
  readonly isKey: boolean
  /**
   * Width of the internal form for numbers kept with leading zeros (`10` is `00010` inside); 0 = kept as given.
   * Rows hold the external form; comparison and order follow the internal one.
   */
  readonly pad: number
}

export interface Navigation {
  readonly name: string
  readonly target: EntitySet
  readonly many: boolean
  /** Pairs [own property, property of the target]. Empty: nothing is ever found. */
  readonly on: readonly (readonly [own: string, theirs: string])[]
  /** Values every target row has (mobile and fixed numbers share one set). */
  readonly fixed: readonly (readonly [theirs: string, value: Value])[]
}

export interface EntityType {
  readonly name: string
  readonly qualifiedName: string
  readonly keys: readonly string[]
  readonly properties: ReadonlyMap<string, Property>
  readonly navigations: ReadonlyMap<string, Navigation>
}

export interface EntitySet {
  readonly model: Model
  readonly name: string
  readonly type: EntityType
  readonly creatable: boolean
  readonly updatable: boolean
  readonly deletable: boolean
  readonly addressable: boolean
  /** If-Match is needed to write (unless the switch `etagRequired` says otherwise). */
  readonly requiresEtag: boolean
}

export interface FunctionImport {
  readonly name: string
  readonly method: string
  readonly parameters: readonly { readonly name: string; readonly type: string; readonly nullable: boolean }[]
  readonly returnType: string
  readonly entitySet: EntitySet | null
}

export interface Model {
  /** Technical name without version, e.g. `API_MAINTENANCEORDER`. */
  readonly service: string
  readonly version: '0001' | '0002'
  readonly namespace: string
  /** The metadata document, verbatim. */
  readonly edmx: string
  readonly sets: ReadonlyMap<string, EntitySet>
  readonly types: ReadonlyMap<string, EntityType>
  readonly functions: ReadonlyMap<string, FunctionImport>
}

/** The V2 services this system offers. */
export const SERVICES: readonly string[] = [
  'API_PURCHASEORDER_PROCESS_SRV',
  'API_BUSINESS_PARTNER',
  'API_PRODUCT_SRV',
  'API_MAINTENANCEORDER',
  'API_MAINTNOTIFICATION',
  'API_EQUIPMENT',
  'API_FUNCTIONALLOCATION',
  'API_MATERIAL_STOCK_SRV',
  'API_MATERIAL_DOCUMENT_SRV',
  'API_PLANT_SRV',
  'API_STORAGELOCATION_SRV',
]
