import { type AnyConnector, CONNECTION_DEFAULTS, type Connection, ENTITY_NAMES } from '../../core/index.ts'
import { mapping, object, type Report, section, stream } from './sections.ts'

/** Overrides by entity; only streams that the connector has. */
export function streamsOf(
  given: unknown,
  connector: AnyConnector | undefined,
  at: string,
  report: Report,
): Connection['streams'] {
  const streams = object(given ?? {}, at, report) ?? {}
  const known = connector === undefined ? null : Object.keys(connector.streams)
  return Object.fromEntries(
    Object.entries(streams).map(([entity, overrides]) => {
      if (known !== null && !known.includes(entity))
        report(`${at}.${entity}`, `is not a stream of ${connector?.id ?? ''}; known: ${known.join(', ')}`)
      return [entity, section(stream, overrides, `${at}.${entity}`, report)]
    }),
  )
}

export function mappingOf(given: unknown, at: string, report: Report): Connection['mapping'] {
  const { units, remaps, ...rest } = object(given ?? {}, at, report) ?? {}
  const plain = section(mapping, rest, at, report)
  if (plain.timeZone !== undefined && !isTimeZone(plain.timeZone))
    report(`${at}.timeZone`, `${plain.timeZone} is not an IANA time zone, like Europe/Berlin`)
  if (typeof plain.currency === 'string' && !/^[A-Z]{3}$/.test(plain.currency))
    report(`${at}.currency`, 'must be an ISO 4217 code, like EUR')
  if (plain.language !== undefined && !isLanguage(plain.language))
    report(`${at}.language`, 'must be a BCP 47 language tag, like en or de-AT')
  return {
    ...CONNECTION_DEFAULTS.mapping,
    ...plain,
    units: texts(units, `${at}.units`, report),
    remaps: remapsOf(remaps, `${at}.remaps`, report),
  }
}

function remapsOf(given: unknown, at: string, report: Report): Connection['mapping']['remaps'] {
  return Object.fromEntries(
    Object.entries(object(given ?? {}, at, report) ?? {}).map(([field, values]) => {
      const [entity = '', ...rest] = field.split('.')
      if (rest.length === 0 || !(ENTITY_NAMES as readonly string[]).includes(entity))
        report(`${at}.${field}`, `must be named entity.field; entities: ${ENTITY_NAMES.join(', ')}`)
      return [field, texts(values, `${at}.${field}`, report)]
    }),
  )
}

function texts(given: unknown, at: string, report: Report): { [native: string]: string } {
  const entries = Object.entries(object(given ?? {}, at, report) ?? {})
  for (const [name, value] of entries)
    if (typeof value !== 'string') report(`${at}.${name}`, 'must be text (put it in quotes)')
  return Object.fromEntries(entries) as { [native: string]: string }
}

function isTimeZone(name: string): boolean {
  try {
    // an offset like +02:00 is accepted by Intl, but has no daylight saving: not what anybody means
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '' && !/^[+-]/.test(name)
  } catch {
    return false
  }
}

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}
