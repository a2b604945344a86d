import { type Connection, CONNECTION_DEFAULTS } from '../../core/index.ts'
import { BENCH_CONNECTION } from './vendor-changes.ts'

/** A Tryton connection as an operator would declare it; nobody connects to it. */
export const benchConnection: Connection = {
  ...CONNECTION_DEFAULTS,
  id: BENCH_CONNECTION,
  system: 'tryton',
  settings: { base_url: 'https://erp.example', database: 'production' },
  windowDays: null,
  mapping: { ...CONNECTION_DEFAULTS.mapping, timeZone: 'Europe/Berlin', currency: 'EUR' },
  updatedAt: 1_750_000_000_000,
}
