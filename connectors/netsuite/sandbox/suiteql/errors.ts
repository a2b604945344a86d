const PREFIX = 'Invalid search query. Detailed unprocessed description follows. '

/** A statement or its paging was refused: HTTP 400, INVALID_PARAMETER. */
export class SuiteQlError extends Error {
  /** The whole text of the answer's `detail`. */
  readonly detail: string
  /** The request parameter at fault: `o:errorQueryParam`. */
  readonly parameter: 'q' | 'limit' | 'offset'

  constructor(detail: string, parameter: 'q' | 'limit' | 'offset' = 'q') {
    super(detail)
    this.name = 'SuiteQlError'
    this.detail = detail
    this.parameter = parameter
  }
}

/** Whatever the parser or the database dislikes; the system does not say what. */
export function unsupported(): SuiteQlError {
  return new SuiteQlError(`${PREFIX}Search error occurred: Invalid or unsupported search.`)
}

/** `available`: alias → table, in the order of FROM. */
export function unknownIdentifier(name: string, available: readonly (readonly [string, string])[]): SuiteQlError {
  const known = available.map(([alias, table]) => `${alias}=${table}`).join(', ')
  return new SuiteQlError(
    `${PREFIX}Search error occurred: Unknown identifier '${name}'. Available identifiers are: {${known}}.`,
  )
}

export function unknownTable(name: string, wording: 'search-type' | 'record'): SuiteQlError {
  return new SuiteQlError(
    wording === 'record'
      ? `${PREFIX}Search error occurred: Record '${name}' was not found.`
      : `${PREFIX}Invalid search type: ${name}.`,
  )
}

/** A text stood where a date was needed and was read by the user's preference. `pattern` as in DATE_FORMATS. */
export function unreadableDate(text: string, pattern: string, timeZone: string): SuiteQlError {
  return new SuiteQlError(
    `${PREFIX}Search error occurred: Parse of date/time "${text}" failed with date format "${pattern}" in time zone ${timeZone}`,
  )
}
