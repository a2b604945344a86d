/** Record types that can only be read: what the others refer to. */
import { defineRecord, type Tables } from './define.ts'
import type { RecordType } from './model.ts'

const LISTS: readonly (readonly [name: string, title: string, table: string, fields: string])[] = [
  [
    'subsidiary',
    'Subsidiary',
    'subsidiary',
    'name\nfullName\nlegalName\nparent\ncurrency\nisElimination\nisInactive\nexternalId\nlastModifiedDate',
  ],
  [
    'currency',
    'Currency',
    'currency',
    'name\nsymbol\ndisplaySymbol\nisBaseCurrency\nexchangeRate\nisInactive\nexternalId\nlastModifiedDate',
  ],
  ['term', 'Term', 'term', 'name\ndaysUntilNetDue\ndiscountPercent\nisInactive\nexternalId'],
  ['department', 'Department', 'department', 'name\nfullName\nparent\nisInactive\nexternalId\nlastModifiedDate'],
  ['classification', 'Class', 'classification', 'name\nfullName\nparent\nisInactive\nexternalId\nlastModifiedDate'],
  [
    'account',
    'Account',
    'account',
    'acctNumber\nacctName=accountsearchdisplayname\nacctType=accttype\nisInactive\nexternalId\nlastModifiedDate',
  ],
  ['unitsType', 'Units Type', 'unitstype', 'name\nisInactive\nexternalId'],
  ['vendorCategory', 'Vendor Category', 'vendorcategory', 'name\nisInactive\nexternalId'],
]

export function listTypes(tables: Tables): RecordType[] {
  return LISTS.map(([name, title, table, fields]) =>
    defineRecord(tables, { name, title, table, fields, readOnly: true }),
  )
}
