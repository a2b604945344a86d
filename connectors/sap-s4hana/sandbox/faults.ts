/** Page sizes of a service: without `$top`, and the most that one answer holds. */
export interface PageLimit {
  readonly default: number
  readonly max: number
}

/**
 * Everything about the system that is not certain, or that goes wrong at times. A plain object: tests change it while
 * the sandbox runs. Each default is the reference's first reading; "off" is 0, false, null or empty.
 */
export interface Switches {
  /** Per service; `*` for the others. */
  pageLimits: Record<string, PageLimit>
  /** How long a CSRF token (and its session cookies) is good, ms. */
  csrfTtlMs: number
  /** How long a bearer token is good, ms. */
  tokenTtlMs: number
  /** Calls with a bearer token need a CSRF token too. */
  bearerNeedsCsrf: boolean
  /** A CSRF token is good only for the service it was fetched from. */
  csrfPerService: boolean
  /** Entity set → If-Match is needed to change it; what is missing follows the model. */
  etagRequired: Record<string, boolean>
  /** Object key (`4500000001`, without leading zeros) → locked by another user until (epoch ms). */
  locks: Map<string, number>
  /** Changes of other users become visible this much after their time stamp, ms. */
  lateCommitMs: number
  /** Every n-th request is refused as too many; `retryAfter` is the header's text, null = no header. */
  throttleEvery: { every: number; status: 429 | 503; retryAfter: string | null } | null
  /** Every n-th request ends in a short dump (500). */
  failEvery: number
  /** The n-th write from now on is cut off before it is applied (counts down to 0 = off). */
  cutBefore: number
  /** The n-th write from now on is applied, and its answer is lost (counts down to 0 = off). */
  cutAfter: number
  /** Every answer waits this long, ms. */
  slowMs: number
  /** A session or bearer token is good for this many requests. */
  expireSessionsAfter: number
  /** Consecutive wrong passwords that lock a user; 0 = never. */
  lockUserAfter: number
  /** Errors come as XML even when JSON was asked for. */
  xmlErrors: boolean
  /** Origin in `__next`, `uri` and `Location` instead of the one that was called: a proxy that does not rewrite. */
  foreignNextHost: string | null
  /** Numbers are shown with their leading zeros (`000004000123`). */
  padKeys: boolean
  /** Creating and changing A_Product is refused, as on some cloud tenants. */
  refuseProductWrites: boolean
  /** The answer to a deep create shows the nested sets as empty. */
  emptyNestedOnCreate: boolean
  /** `<set>.<property>` that a change accepts and does not apply (204 all the same). */
  silentNoOpFields: Set<string>
  /** Changing an item moves the header's LastChangeDateTime. */
  headerMovesWithItems: boolean
  /** Language of status texts for callers that do not say `sap-language`. */
  statusLanguage: string
  /** Answers the login page, 200 and HTML, instead of data: single sign-on got in between. */
  htmlLogin: boolean
  /** The next n list answers break off in the middle of their JSON (counts down to 0 = off). */
  truncateJson: number
  /** A `$top` beyond the maximum is cut with a `__next`; otherwise in silence. */
  nextAfterTop: boolean
  /** Any `$skiptoken` is refused as expired. */
  skiptokenExpired: boolean
  /** The row of `set` whose first key is `key` shows a date no calendar has in `property`. */
  invalidDate: { set: string; key: string; property: string } | null
  /** Reading more than the keys of this row of `set` ends in a short dump (500). `key`: its first parts, joined by `|`. */
  shortDump: { set: string; key: string } | null
  /** Stock rows whose quantity is zero are delivered. */
  zeroStockRows: boolean
  /** Decimals are padded to their scale (`12.500`). */
  decimalPadding: boolean
  /** The change date stays null until the first change. */
  changeDateNullUntilChange: boolean
  /** Services that are not activated: every address of theirs, `$metadata` too, is refused. */
  deactivated: Set<string>
  /** Status for services that are unknown or not activated. */
  inactiveStatus: 403 | 404
  /** Posting dates in these months (`2026-01`) are refused: the period is closed. */
  closedPeriods: Set<string>
  /** DELETE of an order item sets its deletion code; otherwise the row goes. */
  deleteMarksItem: boolean
  /** Function imports wrap their result in their own name. */
  wrapFunctionResult: boolean
}

export function createSwitches(changed: Partial<Switches> = {}): Switches {
  return {
    pageLimits: { '*': { default: 1000, max: 5000 }, API_PRODUCT_SRV: { default: 100, max: 5000 } },
    csrfTtlMs: 30 * 60_000,
    tokenTtlMs: 3_600_000,
    bearerNeedsCsrf: true,
    csrfPerService: false,
    etagRequired: {},
    locks: new Map(),
    lateCommitMs: 0,
    throttleEvery: null,
    failEvery: 0,
    cutBefore: 0,
    cutAfter: 0,
    slowMs: 0,
    expireSessionsAfter: 0,
    lockUserAfter: 5,
    xmlErrors: false,
    foreignNextHost: null,
    padKeys: false,
    refuseProductWrites: false,
    emptyNestedOnCreate: false,
    silentNoOpFields: new Set(),
    headerMovesWithItems: true,
    statusLanguage: 'EN',
    htmlLogin: false,
    truncateJson: 0,
    nextAfterTop: true,
    skiptokenExpired: false,
    invalidDate: null,
    shortDump: null,
    zeroStockRows: true,
    decimalPadding: false,
    changeDateNullUntilChange: false,
    deactivated: new Set(),
    inactiveStatus: 403,
    closedPeriods: new Set(),
    deleteMarksItem: true,
    wrapFunctionResult: true,
    ...changed,
  }
}
