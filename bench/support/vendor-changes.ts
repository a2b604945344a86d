import type { ChangeRecord } from '../../schemas/generated/entities.ts'

export const BENCH_CONNECTION = 'bench-tryton'
const T0 = 1_750_000_000_000

/** Deterministic random numbers in [0, 1). */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const datetime = (at: Date) => ({
  __class__: 'datetime',
  year: at.getUTCFullYear(),
  month: at.getUTCMonth() + 1,
  day: at.getUTCDate(),
  hour: at.getUTCHours(),
  minute: at.getUTCMinutes(),
  second: at.getUTCSeconds(),
  microsecond: at.getUTCMilliseconds() * 1000,
})

/** A party as Tryton's JSON-RPC sends it, about 1.2 KB of JSON. */
export function partyPayload(id: number, revision: number): object {
  const modified = T0 + revision * 60_000
  return {
    id,
    _timestamp: (modified / 1000).toFixed(6),
    code: String(100_000 + id),
    name: `Stahlbau Köster & Söhne Werk ${id} GmbH & Co. KG`,
    active: true,
    'addresses.': [
      {
        id: id * 2,
        street: `Industriestraße ${revision % 300}\nHalle ${id % 40}, Wareneingang Süd`,
        city: 'Mönchengladbach',
        postal_code: String(41_000 + (id % 999)),
        'subdivision.': { id: 77, code: 'DE-NW' },
        'country.': { id: 57, code: 'DE' },
        active: true,
      },
      {
        id: id * 2 + 1,
        street: 'c/o Lagerhaus Niederrhein, Tor 4\nAn der Alten Ziegelei 117',
        city: 'Viersen',
        postal_code: '41747',
        'subdivision.': { id: 77, code: 'DE-NW' },
        'country.': { id: 57, code: 'DE' },
        active: true,
      },
    ],
    'contact_mechanisms.': [
      { id: id * 3, type: 'email', value: `einkauf-${id}@koester-stahlbau.example`, active: true },
      { id: id * 3 + 1, type: 'phone', value: `+49 2161 ${(id * 7 + revision) % 1_000_000}`, active: true },
      { id: id * 3 + 2, type: 'website', value: `https://www.koester-${id}.example/kontakt`, active: true },
    ],
    'tax_identifier.': { id, code: `DE${100_000_000 + id}` },
    'identifiers.': [{ id, type: 'eu_vat', code: `DE${100_000_000 + id}` }],
    'supplier_payment_term.': { id: 3, name: '30 Tage netto, 14 Tage 2 % Skonto' },
    create_date: datetime(new Date(T0 - 86_400_000)),
    modified,
    company: 1,
    company_currency: 'EUR',
  }
}

/**
 * `count` change records over `keys` parties: each party once, then parties at random; about one in eight re-reads a
 * party that has not changed since.
 */
export function* vendorChanges(count: number, keys: number): Generator<{ key: string; change: ChangeRecord }> {
  const next = random(42)
  const revisions = new Uint32Array(keys)
  for (let i = 0; i < count; i++) {
    const id = i < keys ? i : Math.floor(next() * keys)
    let revision = revisions[id] as number
    if (revision === 0 || next() > 0.15) revisions[id] = ++revision
    const payload = Buffer.from(JSON.stringify(partyPayload(id, revision)))
    yield {
      key: `${BENCH_CONNECTION}:vendor:${id}`,
      change: {
        connection_id: BENCH_CONNECTION,
        system: 'tryton',
        stream: 'vendor',
        entity: 'vendor',
        source_id: String(id),
        operation: 'UPSERT',
        origin: 'SNAPSHOT',
        source_version: T0 + revision * 60_000,
        extracted_at: T0 + i,
        run_id: '0198a6c2-7d1e-7c31-9b1d-5f0b6a0e4a11',
        payload,
      },
    }
  }
}
