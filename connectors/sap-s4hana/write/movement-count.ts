import {
  createFindings,
  decimals,
  type Findings,
  type JsonObject,
  RetryableError,
  type WriteRequest,
} from '../../../core/index.ts'
import { readLevel } from '../read/stock-rows.ts'
import { unitsOf } from '../read/units.ts'
import type { SapSession } from '../session.ts'
import { child, decimal, text } from '../values.ts'
import { quantityIn } from './purchase-order-items.ts'
import { type Sent, sentOf } from './sent.ts'
import { keyIn, placeIn } from './write-references.ts'

/**
 * What has to be added so that the unrestricted stock is as counted. Decided once: after a lost answer the same
 * difference is looked for, never a new one computed.
 * @throws RejectedError naming what cannot be counted
 */
export async function differencesOf(
  session: SapSession,
  request: WriteRequest,
  signal: AbortSignal,
): Promise<JsonObject> {
  const sent = sentOf(request.payload)
  if (sent.text('kind') !== 'COUNT') return {}
  const findings = createFindings()
  const differences: string[] = []
  for (const line of sent.lines('lines')) differences.push(await differenceOf(session, line, request, findings, signal))
  findings.settle('counting stock')
  return { differences }
}

async function differenceOf(
  session: SapSession,
  line: Sent,
  { mapping }: WriteRequest,
  findings: Findings,
  signal: AbortSignal,
): Promise<string> {
  const material = keyIn(line, 'item_id', 'item', findings)
  const place = placeIn(line, 'to_location_id', findings)
  const counted = quantityIn(line, 'quantity_counted', findings)
  for (const field of ['item_id', 'to_location_id', 'quantity_counted'])
    if (line.text(field) === null) findings.add(`${line.at}${field}`, 'REQUIRED', 'must be given')
  if (counted?.startsWith('-') === true)
    findings.add(`${line.at}quantity_counted`, 'INVALID_VALUE', 'must not be less than 0')
  if (place !== null && place.storageLocation === null)
    findings.add(`${line.at}to_location_id`, 'INVALID_VALUE', 'stock is counted in a storage location')
  if (material === null || counted === null || place?.storageLocation == null) return '0'
  const level = await readLevel(session, [material, place.plant, place.storageLocation], signal)
  if (level !== null && 'reason' in level) throw new RetryableError(`reading the stock of ${material}: ${level.reason}`)
  const payload = level?.payload ?? {}
  const base = text(payload['MaterialBaseUnit'])
  const told = line.text('source_unit') ?? line.text('unit')
  if (told !== null && base !== null && told !== base && told !== unitsOf(base, mapping).unit)
    findings.add(`${line.at}unit`, 'INVALID_VALUE', `stock is counted in its base unit, ${base}`)
  const held = decimal(child(payload['MatlWrhsStkQtyInMatlBaseUnit'])?.['01']) ?? '0'
  return decimals.sum([counted, decimals.negate(held)])
}
