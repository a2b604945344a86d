/**
 * Everything about the system that is not certain, or that goes wrong at times. A plain object: tests change it while
 * the sandbox runs. Each default is the first reading of the vendor's description; "off" is 0, false, null or empty.
 */
export interface Switches {
  // load
  /** Requests a user has in each window, in one organization and across all of them; 0 = no limit. */
  rateLimit: number
  /** Requests all users of an organization have in each window; 0 = no limit. */
  organizationRateLimit: number
  rateWindowMs: number
  /** Every answer takes this long, ms. */
  slowMs: number
  /** Writes take this much longer, ms. */
  slowWritesMs: number
  /** Every n-th request is answered 429 whatever was asked before. */
  throttleEvery: number
  /** Every n-th request ends in 500 before anything is done. */
  failEvery: number
  /** 503 with an HTML page, whatever is asked. */
  maintenance: boolean

  // what goes wrong on the wire
  /** The n-th write from now on is cut off before it is applied (counts down to 0 = off). */
  cutBefore: number
  /** The n-th write from now on is applied, and its answer is lost (counts down to 0 = off). */
  cutAfter: number
  /** The n-th write from now on is applied, and answered 500 (counts down to 0 = off). */
  failAfter: number
  /** The next n lists break off in the middle of their JSON (counts down to 0 = off). */
  truncateJson: number

  // access
  /** First parts of paths (`vendors`) that the key's user may not see: 403. */
  forbidden: Set<string>

  // what the description leaves open
  /** GET of a deleted record: 404, or the record with `deletedAt`. */
  deletedRecords: '404' | 'shown'
  /** GET of a removed user: 404, or the user with `removedFromOrganization`. */
  removedUsers: '404' | 'shown'
  /** Query parameters that the description does not name, and that are no custom field. */
  unknownParameters: 'refuse' | 'ignore'
  /** How lists are paged where `createSwitches` says nothing else: after the last record, or by position. */
  offsetPaged: Set<string>
  /** What is on order of a part moves its `updatedAt`. */
  ordersTouchParts: boolean
  /** One record, `parts/17`, whose list entry and detail have a value that the field cannot have. */
  badRecord: { readonly record: string; readonly field: string; readonly value: unknown } | null

  // webhooks
  /** Unit of the signed time stamp. */
  timestampUnit: 's' | 'ms'
  /** Difference of the signed time stamp from our clock, ms. */
  signedClockSkewMs: number
  /** New subscriptions wait for approval and send nothing. */
  pendingApproval: boolean
  /** The answer to a new subscription has its secret; else it is only at `/subscriptions/{id}/secret`. */
  secretAtCreation: boolean
  /** Nothing is sent; what happens is kept for later. */
  pauseDeliveries: boolean
  /** Share (0 to 1) of deliveries that are sent twice. */
  duplicateShare: number
  /** Share (0 to 1) of events that are never sent. */
  lostShare: number
  /** Each delivery waits for a random time up to this, ms: they overtake each other. */
  disorderMs: number
  /** Deliveries under way at a time. */
  deliveryConcurrency: number
  deliveryTimeoutMs: number
  /** Waits before the attempts that follow a failed one, ms; then the delivery is given up. */
  retryDelaysMs: readonly number[]
  /** A subscription is deleted after this many deliveries in a row were given up. */
  deleteAfterGivenUp: number
}

export function createSwitches(changed: Partial<Switches> = {}): Switches {
  return {
    rateLimit: 100,
    organizationRateLimit: 500,
    rateWindowMs: 60_000,
    slowMs: 0,
    slowWritesMs: 0,
    throttleEvery: 0,
    failEvery: 0,
    maintenance: false,
    cutBefore: 0,
    cutAfter: 0,
    failAfter: 0,
    truncateJson: 0,
    forbidden: new Set(),
    deletedRecords: '404',
    removedUsers: 'shown',
    unknownParameters: 'refuse',
    offsetPaged: new Set(['assets', 'parts', 'purchaseorders']),
    ordersTouchParts: true,
    badRecord: null,
    timestampUnit: 'ms',
    signedClockSkewMs: 0,
    pendingApproval: false,
    secretAtCreation: true,
    pauseDeliveries: false,
    duplicateShare: 0,
    lostShare: 0,
    disorderMs: 0,
    deliveryConcurrency: 16,
    deliveryTimeoutMs: 10_000,
    retryDelaysMs: [1000, 5000, 30_000, 120_000, 600_000],
    deleteAfterGivenUp: 0,
    ...changed,
  }
}
