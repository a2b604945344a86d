import type { NetSuiteClient, Statement } from '../../../../connectors/netsuite/client.ts'
import type { NetSuiteConfig } from '../../../../connectors/netsuite/config.ts'
import { UnknownColumn, UnknownTable } from '../../../../connectors/netsuite/failures.ts'
import type { NetSuiteSession } from '../../../../connectors/netsuite/session.ts'
import type { WriteDefaults } from '../../../../connectors/netsuite/write/defaults.ts'
import type { JsonObject } from '../../../../core/index.ts'

/** Nothing is written here. */
const NO_DEFAULTS: WriteDefaults = {
  subsidiary: null,
  custom_forms: [],
  location: null,
  department: null,
  class: null,
  tax_code: null,
  approval: 'on',
  asset_account: null,
  cogs_account: null,
  income_account: null,
  tax_schedule: null,
  units_type: null,
  adjustment_account: null,
  posting_period: null,
}

/** Rows by what comes behind FROM: `transaction`, or more of it where a table is read in several ways. */
export type Tables = { readonly [from: string]: readonly JsonObject[] }

export interface Account {
  readonly tables: Tables
  readonly config?: Partial<NetSuiteConfig>
  /** Columns that the account does not know. */
  readonly unknown?: readonly string[]
}

const CONFIG: NetSuiteConfig = {
  ...NO_DEFAULTS,
  account_id: '1234567_SB1',
  base_url: null,
  auth: 'oauth2-m2m',
  client_id: null,
  certificate_id: null,
  private_key: null,
  algorithm: 'auto',
  consumer_key: null,
  consumer_secret: null,
  token_id: null,
  token_secret: null,
  concurrency: null,
  page_size: 1000,
  timeout_seconds: 120,
  time_zone: null,
  subsidiaries: [],
  work_order_source: 'manufacturing',
  asset_source: 'none',
  work_order_fields: [],
  asset_fields: [],
  extra_fields: [],
  quantities_in: 'base-unit',
}

/**
 * A session over canned rows. Only what a stream's own statements are about is looked at: which table, which columns,
 * a single key; rows are given as they are, once.
 */
export function fakeSession({ tables, config = {}, unknown = [] }: Account) {
  const asked: Statement[] = []
  const client: NetSuiteClient = {
    suiteql(statement) {
      asked.push(statement)
      const { q, params } = statement
      const lacking = unknown.find((column) => new RegExp(`[.]${column}\\b`, 'i').test(q))
      if (lacking !== undefined) return Promise.reject(new UnknownColumn(`no ${lacking}`, lacking))
      const from = q.slice(q.indexOf(' FROM ') + 6)
      const table = Object.keys(tables)
        .filter((name) => from.startsWith(name))
        .sort((a, b) => b.length - a.length)[0]
      const name = from.split(' ')[0] ?? ''
      if (table === undefined) return Promise.reject(new UnknownTable(`no ${name}`, name))
      const isBehind = /\.\w+ > \?/.test(q)
      const one = /\.id = \?/.test(q) ? params.at(-1) : undefined
      const rows = (tables[table] ?? []).filter((row) => one === undefined || row['id'] === one)
      const items = isBehind ? [] : rows.map((row) => aliased(row, q))
      return Promise.resolve({ items, hasMore: false, total: items.length })
    },
    record: () => Promise.resolve(null),
    recordByExternalId: () => Promise.resolve(null),
    change: () => Promise.reject(new Error('nothing is written here')),
    serverTime: () => Promise.resolve(Date.parse('2026-01-15T12:00:00Z')),
    learnConcurrency: () => Promise.resolve(),
    concurrency: () => 2,
  }
  const session: NetSuiteSession = {
    config: { ...CONFIG, ...config },
    client,
    zone: { utc: true, offsetMs: 0, at: Date.parse('2026-01-15T12:00:00Z') },
    clock: (signal) => client.serverTime(signal),
  }
  return { session, asked, from: (name: string) => asked.filter(({ q }) => q.includes(`FROM ${name}`)) }
}

/** Only what was selected comes back. */
const aliased = (row: JsonObject, q: string): JsonObject =>
  Object.fromEntries(Object.entries(row).filter(([name]) => new RegExp(`AS ${name}\\b`).test(q)))
