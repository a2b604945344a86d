/** What differs between accounts: who they are, how they write dates, what they may see. Options of a sandbox change parts of it. */
export interface Account {
  /** As the realm writes it: `1234567`, `1234567_SB1`. */
  readonly id: string
  readonly companyName: string
  /** The preference of the user the connection runs as; see DATE_FORMATS. */
  readonly dateFormat: DateFormat
  /** IANA name, e.g. `America/Los_Angeles`. */
  readonly timeZone: string
  readonly oneWorld: boolean
  /** Features that are on: `MULTICURRENCY`, `BINMANAGEMENT`, … (columns and tables name theirs in definitions/). */
  readonly features: ReadonlySet<string>
  readonly roles: readonly Role[]
  readonly concurrencyLimit: number
  /** ISO code. */
  readonly baseCurrency: string
  readonly customFields: readonly CustomField[]
  /** How `transaction.status` shows in SuiteQL results: `B` or `PurchOrd:B`. */
  readonly statusForm: 'letter' | 'prefixed'
  /** Both wordings for an unknown or forbidden table are seen. */
  readonly unknownTable: 'search-type' | 'record'
  /** Tables (lower case) for whose times there is no SYS_EXTRACT_UTC; `all`: for none, nor for SYSTIMESTAMP. */
  readonly withoutUtc: 'all' | ReadonlySet<string>
  /** Quantities of lines and of stock in SuiteQL: in the base unit of the item's units type, or in the unit the row names. */
  readonly quantitiesIn: 'base-unit' | 'named-unit'
}

export interface Role {
  readonly id: number
  readonly name: string
  /** SuiteQL tables (lower case) this role may not see; it learns that they do not exist. */
  readonly hiddenTables: ReadonlySet<string>
  /** Permission names as the role's page shows them. */
  readonly permissions: ReadonlySet<string>
}

export interface CustomField {
  /** SuiteQL table, lower case. */
  readonly table: string
  /** `custbody_…`, `custcol_…`, `custentity_…`, `custitem_…`, `custrecord_…`; lower case. */
  readonly name: string
  readonly type: 'text' | 'bool' | 'number' | 'integer' | 'date' | 'datetime'
}

/** The preferences an account offers, each with the pattern its error messages show. */
export const DATE_FORMATS = {
  'M/D/YYYY': 'M/d/yy',
  'D/M/YYYY': 'd/M/yy',
  'D-Mon-YYYY': 'd-MMM-yy',
  'D.M.YYYY': 'd.M.yy',
  'D-MONTH-YYYY': 'd-MMMM-yy',
  'D MONTH, YYYY': 'd MMMM, yy',
  'YYYY/M/D': 'yy/M/d',
  'YYYY-M-D': 'yy-M-d',
  'DD/MM/YYYY': 'dd/MM/yy',
  'DD-Mon-YYYY': 'dd-MMM-yy',
  'DD.MM.YYYY': 'dd.MM.yy',
  'DD-MONTH-YYYY': 'dd-MMMM-yy',
  'DD MONTH, YYYY': 'dd MMMM, yy',
  'MM/DD/YYYY': 'MM/dd/yy',
  'YYYY/MM/DD': 'yy/MM/dd',
  'YYYY-MM-DD': 'yy-MM-dd',
} as const

export type DateFormat = keyof typeof DATE_FORMATS

const FEATURES = [
  'ADVBINSERIALLOTMGMT',
  'APPROVALROUTING',
  'ASSEMBLIES',
  'BINMANAGEMENT',
  'CLASSES',
  'CUSTOMRECORDS',
  'DEPARTMENTS',
  'INVENTORY',
  'LOCATIONS',
  'LOTNUMBEREDINVENTORY',
  'MULTICURRENCY',
  'MULTILOCINVT',
  'PURCHASEORDERS',
  'RECEIVING',
  'SERIALIZEDINVENTORY',
  'SUPPORT',
  'UNITSOFMEASURE',
  'WORKORDERS',
]

const PERMISSIONS = [
  'Custom Record Entries',
  'Deleted Records',
  'Departments',
  'Employee Record',
  'Find Transaction',
  'Inventory',
  'Adjust Inventory',
  'Item Receipt',
  'Items',
  'Locations',
  'Log in using OAuth 2.0 Access Tokens',
  'Log in using Access Tokens',
  'Purchase Order',
  'REST Web Services',
  'Cases',
  'Subsidiaries',
  'SuiteAnalytics Workbook',
  'Tasks',
  'Transfer Inventory',
  'Units',
  'Vendors',
  'Work Order',
]

export function createAccount(changes: Partial<Account> = {}): Account {
  return {
    id: '1234567',
    companyName: 'Nordhafen Manufacturing',
    dateFormat: 'M/D/YYYY',
    timeZone: 'America/Los_Angeles',
    oneWorld: true,
    features: new Set(FEATURES),
    roles: [
      { id: 1000, name: 'Tributary Integration', hiddenTables: new Set(), permissions: new Set(PERMISSIONS) },
      { id: 1001, name: 'Purchasing Only', hiddenTables: PURCHASING_HIDES, permissions: new Set(PERMISSIONS.slice(4)) },
    ],
    concurrencyLimit: 5,
    baseCurrency: 'EUR',
    customFields: [
      { table: 'transaction', name: 'custbody_requested_by', type: 'text' },
      { table: 'transaction', name: 'custbody_urgent', type: 'bool' },
      { table: 'transactionline', name: 'custcol_project', type: 'text' },
      { table: 'vendor', name: 'custentity_rating', type: 'integer' },
      { table: 'item', name: 'custitem_shelf_life', type: 'integer' },
    ],
    statusForm: 'letter',
    unknownTable: 'record',
    withoutUtc: new Set(),
    quantitiesIn: 'base-unit',
    ...changes,
  }
}

const PURCHASING_HIDES: ReadonlySet<string> = new Set(['deletedrecord', 'employee', 'customrecord_asset'])

export function hasFeature(account: Account, feature: string): boolean {
  return feature === 'SUBSIDIARIES' ? account.oneWorld : account.features.has(feature)
}

/** The role a request runs as. @throws when the account has no such role */
export function roleOf(account: Account, id?: number): Role {
  const role = id === undefined ? account.roles[0] : account.roles.find((it) => it.id === id)
  if (role === undefined) throw new Error(`account ${account.id} has no role ${id ?? 'at all'}`)
  return role
}
