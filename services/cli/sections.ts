import { type ConfigSpec, defineConfig } from '../../core/index.ts'

/** Tells one problem: where, and what is wrong there. */
export type Report = (field: string, message: string) => void

/** Settings of one level of a connection, all optional. */
interface Section<T> {
  readonly spec: ConfigSpec<T>
  /** Where null means something of its own ("everything", "never"); elsewhere it is a problem. */
  readonly nullable: readonly (keyof T & string)[]
}

/** Null, with a problem told, when it is no object. */
export function object(given: unknown, at: string, report: Report): { readonly [name: string]: unknown } | null {
  if (given !== null && typeof given === 'object' && !Array.isArray(given)) return given as { [name: string]: unknown }
  report(at, 'must be an object of names and values')
  return null
}

/** The fields that are given, checked; problems are told. */
export function section<T>(
  { spec, nullable }: Section<T>,
  given: unknown,
  at: string,
  report: Report,
): { [K in keyof T]?: NonNullable<T[K]> } {
  if (given === undefined || given === null) return {}
  const fields = object(given, at, report)
  if (fields === null) return {}
  for (const [name, value] of Object.entries(fields))
    if (value === null && !(nullable as readonly string[]).includes(name)) report(`${at}.${name}`, 'must not be null')
  const parsed = spec.parse(fields)
  if (!parsed.ok) {
    for (const { field, message } of parsed.problems) report(`${at}.${field}`, message)
    return {}
  }
  const value = parsed.value as { readonly [name: string]: unknown }
  return Object.fromEntries(
    Object.keys(fields)
      .filter((name) => fields[name] !== undefined)
      .map((name) => [name, value[name]]),
  ) as { [K in keyof T]?: NonNullable<T[K]> }
}

const DAYS = { kind: 'integer', min: 0, max: 36_500 } as const

export const scalars = {
  spec: defineConfig({
    fields: {
      windowDays: { ...DAYS, title: 'Window', help: 'Days of history in the first snapshot; null = everything' },
      tombstoneAfterDays: { ...DAYS, title: 'Tombstones', help: 'Days from deletion to the tombstone; null = never' },
      includeRaw: { kind: 'boolean', title: 'Raw records', help: 'Copies what the system sent into `raw`' },
    },
  }),
  nullable: ['windowDays', 'tombstoneAfterDays'],
} as const

export const limits = {
  spec: defineConfig({
    fields: {
      concurrency: { kind: 'integer', title: 'Requests at once', help: 'To this system', min: 1, max: 100 },
      requestsPerSecond: {
        kind: 'decimal',
        title: 'Requests a second',
        help: 'null = no limit',
        min: 0.01,
        max: 10_000,
      },
    },
  }),
  nullable: ['requestsPerSecond'],
} as const

export const sweepGuard = {
  spec: defineConfig({
    fields: {
      share: { kind: 'decimal', title: 'Share', help: 'Of live records that a sweep may delete', min: 0, max: 1 },
      records: { kind: 'integer', title: 'Records', help: 'That a sweep may delete in any case', min: 0 },
    },
  }),
  nullable: [],
} as const

export const stream = {
  spec: defineConfig({
    fields: {
      enabled: { kind: 'boolean', title: 'Enabled', help: 'false = the stream is not read' },
      pollEveryMs: { kind: 'integer', title: 'Poll', help: 'Time between incremental reads, ms', min: 100 },
      sweepEveryMs: { kind: 'integer', title: 'Sweep', help: 'Time between sweeps, ms; null = never', min: 1000 },
      refreshEveryMs: {
        kind: 'integer',
        title: 'Refresh',
        help: 'Time between whole reads, ms; null = never',
        min: 1000,
      },
    },
  }),
  nullable: ['sweepEveryMs', 'refreshEveryMs'],
} as const

export const webhook = {
  spec: defineConfig({
    fields: {
      scheme: { kind: 'text', title: 'Scheme', help: 'How deliveries are signed; null = the default of the system' },
      secrets: {
        kind: 'list',
        title: 'Secrets',
        help: 'That the system signs with, the current one first',
        secret: true,
      },
      pollEveryMs: {
        kind: 'integer',
        title: 'Poll',
        help: 'Time between incremental reads while deliveries can be relied on, ms',
        min: 100,
      },
      deliveriesPerSecond: {
        kind: 'decimal',
        title: 'Deliveries a second',
        help: 'More are refused with 429',
        min: 0.01,
        max: 10_000,
      },
    },
  }),
  nullable: ['scheme'],
} as const

export const mapping = {
  spec: defineConfig({
    fields: {
      timeZone: { kind: 'text', title: 'Time zone', help: 'IANA name for local times of the system' },
      currency: { kind: 'text', title: 'Currency', help: 'ISO 4217, where the system does not say; null = unknown' },
      language: { kind: 'text', title: 'Language', help: 'BCP 47' },
      customFields: { kind: 'list', title: 'Custom fields', help: 'Native fields copied into custom_fields' },
    },
  }),
  nullable: ['currency'],
} as const
