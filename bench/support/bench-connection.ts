import type { Connection } from '../../core/index.ts'
import { BENCH_CONNECTION } from './vendor-changes.ts'

/** A Tryton connection as an operator would declare it; nobody connects to it. */
export const benchConnection: Connection = {
  id: BENCH_CONNECTION,
  system: 'tryton',
  settings: { base_url: 'https://erp.example', database: 'production' },
  streams: {},
  windowDays: null,
  limits: { concurrency: 4, requestsPerSecond: null },
  sweepGuard: { share: 0.2, records: 50 },
  tombstoneAfterDays: 30,
  includeRaw: false,
  mapping: { timeZone: 'Europe/Berlin', currency: 'EUR', language: 'en', units: {}, remaps: {}, customFields: [] },
  status: 'active',
  statusReason: null,
  updatedAt: 1_750_000_000_000,
}
