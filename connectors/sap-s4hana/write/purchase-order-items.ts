import { decimals, type Findings, type Json, type MappingSettings } from '../../../core/index.ts'
import type { SapSession } from '../session.ts'
import { type Row } from '../values.ts'
import { valuesOf } from './mapped.ts'
import { dateValue, fractionDigits, isDecimal, wholeDigits } from './native-values.ts'
import { type NetPrice, netPrice } from './prices.ts'
import { ITEM } from './purchase-order-fields.ts'
import type { Sent } from './sent.ts'
import { unitIn } from './units-out.ts'
import { keyIn, placeIn } from './write-references.ts'

/** What lines take from their order. */
export interface OrderFacts {
  readonly currency: string | null
  readonly expectedDate: string | null
  /** Header, for `ship_to_location_id`; null = lines have to name their place. */
  readonly header: Sent | null
}

/** Body of a new item, with its schedule line and account assignment. */
export function newItem(
  { config }: SapSession,
  sent: Sent,
  number: string,
  facts: OrderFacts,
  mapping: MappingSettings,
  findings: Findings,
): Row {
  const { at } = sent
  const material = keyIn(sent, 'item_id', 'item', findings)
  const quantity = quantityIn(sent, 'quantity_ordered', findings)
  const custom = sent.custom(findings) ?? {}
  if (sent.text('quantity_ordered') === null)
    findings.add(`${at}quantity_ordered`, 'REQUIRED', 'must be given and more than 0')
  if (quantity !== null && decimals.compare(quantity, '0') <= 0)
    findings.add(`${at}quantity_ordered`, 'INVALID_VALUE', 'must be more than 0')
  if (material === null && sent.text('item_id') === null) {
    if (sent.text('description') === null) findings.add(`${at}item_id`, 'REQUIRED', 'give an item, or a description')
    if (config.material_group === null && custom['MaterialGroup'] === undefined)
      findings.add(`${at}item_id`, 'REQUIRED', 'a line without item needs a material group: set material_group')
  }
  const place =
    placeIn(sent, 'location_id', findings) ??
    (facts.header === null ? null : placeIn(facts.header, 'ship_to_location_id', findings))
  const plant = place?.plant ?? config.plants[0] ?? custom['Plant']
  if (plant === undefined) findings.add(`${at}location_id`, 'REQUIRED', 'must be given, or set plants')
  const unit = unitIn(sent, mapping, findings)
  const date = sent.text('expected_date') ?? facts.expectedDate
  return {
    PurchaseOrderItem: number,
    ...(material === null ? {} : { Material: material }),
    ...(material === null && config.material_group !== null ? { MaterialGroup: config.material_group } : {}),
    ...valuesOf(ITEM, sent),
    Plant: plant ?? '',
    ...(place?.storageLocation == null ? {} : { StorageLocation: place.storageLocation }),
    ...(unit === null ? {} : { PurchaseOrderQuantityUnit: unit }),
    ...priceIn(sent, facts.currency, (price) => netPrice(price, facts.currency), findings),
    ...(config.tax_code === null ? {} : { TaxCode: config.tax_code }),
    ...assignment(sent, material, config, findings),
    ...(date === null || quantity === null
      ? {}
      : {
          to_ScheduleLine: [{ ScheduleLineDeliveryDate: dateValue(date), ScheduleLineOrderQuantity: quantity }],
        }),
    ...custom,
  }
}

/** K is charged to a cost center, F to an order; a line with item and neither goes to stock. */
function assignment(sent: Sent, material: string | null, config: SapSession['config'], findings: Findings): Row {
  const order = keyIn(sent, 'work_order_id', 'work_order', findings)
  const named = sent.text('cost_center')
  const costCenter = named ?? (material === null && order === null ? config.cost_center : null)
  const account: { [native: string]: Json } = {}
  if (order !== null) account['OrderID'] = order
  else if (costCenter !== null) account['CostCenter'] = costCenter
  else {
    if (material === null && sent.text('item_id') === null)
      findings.add(
        `${sent.at}cost_center`,
        'REQUIRED',
        'a line without item is charged to one: give it, or set cost_center',
      )
    return {}
  }
  if (config.gl_account !== null) account['GLAccount'] = config.gl_account
  return { AccountAssignmentCategory: order === null ? 'K' : 'F', to_AccountAssignment: [account] }
}

/** A decimal that SAP holds exactly. */
export function quantityIn(sent: Sent, field: string, findings: Findings): string | null {
  const value = sent.text(field)
  if (value === null) return null
  if (!isDecimal(value)) findings.add(`${sent.at}${field}`, 'INVALID_VALUE', `"${value}" is no decimal number`)
  else if (fractionDigits(value) > 3)
    findings.add(`${sent.at}${field}`, 'PRECISION_LOSS', `SAP keeps three digits behind the point, ${value} has more`)
  else if (wholeDigits(value) > 10)
    findings.add(`${sent.at}${field}`, 'INVALID_VALUE', `${value} is more than SAP can hold`)
  else return value
  return null
}

/** Amount and what it is for, of `unit_price`. */
export function priceIn(
  sent: Sent,
  currency: string | null,
  told: (price: string) => NetPrice | null,
  findings: Findings,
): Row {
  const price = sent.text('unit_price')
  if (price === null) return {}
  const path = `${sent.at}unit_price`
  if (!isDecimal(price) || price.startsWith('-')) {
    findings.add(path, 'INVALID_VALUE', `"${price}" is no price`)
    return {}
  }
  const found = told(price)
  if (found !== null) return { ...found }
  findings.add(
    path,
    wholeDigits(price) > 9 ? 'INVALID_VALUE' : 'PRECISION_LOSS',
    `SAP cannot hold ${price} ${currency ?? ''} exactly, not even as a price for 1000`,
  )
  return {}
}
