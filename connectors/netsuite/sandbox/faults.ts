import type { ErrorLinks } from './errors.ts'

/**
 * Everything about the system that is not certain, or that goes wrong at times. A plain object: tests change it while
 * the sandbox runs. Each default is the reference's first reading; "off" is 0, false, null or empty. What belongs to
 * the account (date format, zone, OneWorld, roles, features, how a status shows) is in `Sandbox.account`.
 */
export interface Switches {
  // login
  /** How long an access token is good, ms. */
  tokenTtlMs: number
  /** `expires_in` is a text. */
  expiresInAsText: boolean
  /** An access token is good for this many requests. */
  expireTokensAfter: number
  /** Difference allowed between our clock and `iat`, `exp`, `oauth_timestamp`, ms. */
  clockSkewMs: number
  /** How far `oauth_timestamp` may be off, ms. */
  oauthTimestampMs: number
  /** The role the connection runs as; null = the account's first. */
  role: number | null

  // load
  /** Every answer of the record, query and async services takes this long, and counts as in flight meanwhile, ms. */
  slowMs: number
  /** Writes take this much longer, ms. */
  slowWritesMs: number
  /** Concurrent requests that others in the account use up at the moment. */
  heldRequests: number
  /** Body of a 429. */
  tooManyForm: 'details' | 'top-level'
  /** Every n-th request is answered 429 whatever is in flight. */
  throttleEvery: number
  /** Every n-th request ends in 500 before anything is done. */
  failEvery: number
  /** SuiteQL pages with a limit above this take too long. */
  slowPagesAbove: number
  /** How such a page ends: 504 of a gateway (HTML), 500, or no answer at all. */
  slowPageEnds: '504' | '500' | 'hang'
  /** Maintenance: 503 with an HTML page, whatever is asked. */
  maintenance: boolean

  // what goes wrong on the wire
  /** The n-th write from now on is cut off before it is applied (counts down to 0 = off). */
  cutBefore: number
  /** The n-th write from now on is applied, and its answer is lost (counts down to 0 = off). */
  cutAfter: number
  /** The n-th write from now on is applied, and answered 500 (counts down to 0 = off). */
  failAfter: number
  /** The next n answers to queries and lists break off in the middle of their JSON (counts down to 0 = off). */
  truncateJson: number
  /** `type` links of error bodies. */
  errorLinks: ErrorLinks
  /** Status of a missing permission. */
  permissionStatus: 403 | 400
  /** Status of a record that does not exist. */
  missingStatus: 404 | 400

  // SuiteQL
  /** Null columns are sent as null instead of being left out. */
  sendNulls: boolean
  /** Rows of one query that paging reaches. */
  rowCeiling: number
  /** Changes of other users become visible this much after their time stamp, ms. */
  lateCommitMs: number
  /** Dates of this column (lower case) show as a text that is no date, in every row. */
  badDateColumn: string | null
  /** One row has a value that its column cannot have: of the rows that show these texts, those that have the column. */
  badRow: {
    readonly where: { readonly [column: string]: string }
    readonly column: string
    readonly value: string
  } | null

  // records
  /** Record types (lower case) that are only there as a beta record. */
  betaRecords: Set<string>
  /** Writes answer 204 without Location: never, on PUT by external id, or always. */
  noLocation: 'never' | 'put' | 'always'
  /** Status of a creation. */
  createdStatus: 204 | 201
  /** Code of a creation with an external id that is taken. */
  duplicateCode: 'DUP_RCRD' | 'USER_ERROR'
  /** Code of missing mandatory fields. */
  missingFieldCode: 'USER_ERROR' | 'INVALID_CONTENT'
  /** A line of a change that names no `line` is added, not refused. */
  unmatchedLinesAreAdded: boolean
  /** Headers move their modification date when something is received on them. */
  receiptsTouchOrders: boolean
  /** What a spelling mistake in the body does when no header says so. */
  propertyNames: 'ignore' | 'warning' | 'error'
  /** `<record type>.<field>` (lower case) that is accepted and not applied. */
  silentNoOpFields: Set<string>
  /** DELETE leaves a row in deletedrecord. */
  recordDeletions: boolean
  /** The key by which a line of a transform names a line of its source. */
  transformKey: 'orderLine' | 'line'
  /** The next n changes are refused, as if somebody else had saved meanwhile (counts down to 0 = off). */
  recordChanged: number
  /** A script of the account refuses every save of this record type (lower case) with this text. */
  scriptRefusal: { recordType: string; text: string } | null
  /** Languages Accept-Language may name. */
  languages: Set<string>
  /** Months (`2026-01`) that are closed for posting. */
  closedPeriods: Set<string>

  // async
  /** How long a job takes, ms. */
  asyncMs: number
}

export function createSwitches(changed: Partial<Switches> = {}): Switches {
  return {
    tokenTtlMs: 3_600_000,
    expiresInAsText: false,
    expireTokensAfter: 0,
    clockSkewMs: 0,
    oauthTimestampMs: 300_000,
    role: null,
    slowMs: 0,
    slowWritesMs: 0,
    heldRequests: 0,
    tooManyForm: 'details',
    throttleEvery: 0,
    failEvery: 0,
    slowPagesAbove: 0,
    slowPageEnds: '504',
    maintenance: false,
    cutBefore: 0,
    cutAfter: 0,
    failAfter: 0,
    truncateJson: 0,
    errorLinks: 'rfc9110',
    permissionStatus: 403,
    missingStatus: 404,
    sendNulls: false,
    rowCeiling: 100_000,
    lateCommitMs: 0,
    badDateColumn: null,
    badRow: null,
    betaRecords: new Set(),
    noLocation: 'never',
    createdStatus: 204,
    duplicateCode: 'DUP_RCRD',
    missingFieldCode: 'USER_ERROR',
    unmatchedLinesAreAdded: true,
    receiptsTouchOrders: true,
    propertyNames: 'warning',
    silentNoOpFields: new Set(),
    recordDeletions: true,
    transformKey: 'orderLine',
    recordChanged: 0,
    scriptRefusal: null,
    languages: new Set(['en', 'en-us', 'de']),
    closedPeriods: new Set(),
    asyncMs: 30,
    ...changed,
  }
}
