/**
 * The codec against the plain Avro library: one unified vendor of about 440 bytes and one change record around 1.2 KB
 * of JSON. Best of several rounds, in microseconds a record; `ratio` > 1 = that many times as fast as the library.
 */
import avsc from 'avsc'
import { createLocalCodec } from '../core/avro/local-codec.ts'
import type { ChangeRecord, Vendor } from '../schemas/generated/entities.ts'
import { SCHEMAS } from '../schemas/generated/schemas.ts'

const RECORDS = 1_000
const ROUNDS = 40
const codec = createLocalCodec()
const unified = codec.unified('vendor')
let sink = 0

const vendorOf = (i: number): Vendor => ({
  id: `acme-tryton:vendor:${10_000 + i}`,
  connection_id: 'acme-tryton',
  system: 'tryton',
  source_id: String(10_000 + i),
  display_name: `${i} Stahlbau Koester GmbH`,
  source_url: `https://erp.example/#acme/model/party.party/${10_000 + i}`,
  organization: '1',
  created_at: 1_700_000_000_000 + i,
  updated_at: 1_750_000_000_000 + i,
  deleted_at: null,
  version: `ts:${1_750_000_000_000 + i}`,
  custom_fields: null,
  raw: null,
  mapping_version: 'tryton/vendor@1',
  source_version: 1_750_000_000_000 + i,
  origin: 'INCREMENTAL',
  synced_at: 1_750_000_100_000 + i,
  vendor_number: String(100_000 + i),
  name: `Stahlbau Köster & Söhne ${i} GmbH`,
  email: `einkauf-${i}@koester-stahlbau.example`,
  phone: '+49216112345',
  tax_id: `DE${100_000_000 + i}`,
  address_line1: `Industriestrasse ${i}`,
  address_line2: `Halle ${i % 40}`,
  city: 'Mönchengladbach',
  postal_code: '41061',
  region: 'NW',
  country: 'DE',
  currency: 'EUR',
  payment_terms: '30 Tage netto, 14 Tage 2 % Skonto',
  is_active: true,
  is_blocked: false,
  notes: null,
})
const changeOf = (i: number, payload: Buffer): ChangeRecord => ({
  connection_id: 'acme-tryton',
  system: 'tryton',
  stream: 'vendor',
  entity: 'vendor',
  source_id: String(10_000 + i),
  operation: 'UPSERT',
  origin: 'INCREMENTAL',
  source_version: 1_750_000_000_000 + i,
  extracted_at: 1_750_000_100_000 + i,
  run_id: '0198a6c2-7d1e-7c31-9b1d-5f0b6a0e4a11',
  payload,
})

const count = <T>(make: (i: number) => T): T[] => Array.from({ length: RECORDS }, (_, i) => make(i))
const payload = Buffer.from(JSON.stringify({ ...vendorOf(1), text: 'x'.repeat(300) }))
const vendors = count(vendorOf)
const hashed = vendors.map((vendor) => ({ ...vendor, version: '' }))
const changes = count((i) => changeOf(i, payload))
const vendorValues = vendors.map((vendor) => Buffer.from(unified.encode(vendor).value))
const changeValues = changes.map((change) => Buffer.from(codec.encodeChange(change)))
const vendorType = avsc.Type.forSchema(SCHEMAS.entities.vendor as never)
const changeType = avsc.Type.forSchema(SCHEMAS.envelopes.change_record as never)

const tasks: Record<string, (i: number) => void> = {
  encodeVendor: (i) => (sink += unified.encode(vendors[i] as Vendor).value.length),
  encodeVendorHashedVersion: (i) => (sink += unified.encode(hashed[i] as Vendor).value.length),
  encodeVendorAvsc: (i) => (sink += vendorType.toBuffer(vendors[i]).length),
  summary: (i) => (sink += unified.summary(vendorValues[i] as Buffer).sourceVersion),
  decodeVendor: (i) => (sink += unified.decode(vendorValues[i] as Buffer).name.length),
  decodeVendorAvsc: (i) => (sink += vendorType.fromBuffer((vendorValues[i] as Buffer).subarray(5)).name.length),
  encodeChange: (i) => (sink += codec.encodeChange(changes[i] as ChangeRecord).length),
  encodeChangeAvsc: (i) => (sink += changeType.toBuffer(changes[i]).length),
  decodeChange: (i) => (sink += codec.decodeChange(changeValues[i] as Buffer).payload.length),
  decodeChangeAvsc: (i) => (sink += changeType.fromBuffer((changeValues[i] as Buffer).subarray(5)).payload.length),
}

const best: Record<string, number> = {}
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, task] of Object.entries(tasks)) {
    const begin = performance.now()
    for (let i = 0; i < RECORDS; i++) task(i)
    best[name] = Math.min(best[name] ?? Number.POSITIVE_INFINITY, performance.now() - begin)
  }
}
if (sink === 0) throw new Error('nothing was done')

const ratio = (ours: string, theirs: string): number => Number(((best[theirs] ?? 0) / (best[ours] ?? 1)).toFixed(2))
console.log(
  JSON.stringify({
    bench: 'codec',
    bytes: { vendor: vendorValues[0]?.length, change: changeValues[0]?.length },
    microseconds: Object.fromEntries(
      Object.entries(best).map(([name, ms]) => [name, Number(((ms * 1000) / RECORDS).toFixed(3))]),
    ),
    ratio: {
      encodeVendor: ratio('encodeVendor', 'encodeVendorAvsc'),
      decodeVendor: ratio('decodeVendor', 'decodeVendorAvsc'),
      encodeChange: ratio('encodeChange', 'encodeChangeAvsc'),
      decodeChange: ratio('decodeChange', 'decodeChangeAvsc'),
    },
  }),
)
