import type { Definition } from './definition.ts'

/** A plain list: name and activity. */
const list = (further = '', feature?: string): Definition => ({
  key: ['id'],
  display: 'name',
  ...(feature === undefined ? {} : { feature }),
  columns: `id id !\n name text\n isinactive bool\n externalid text\n ${further}`,
})

export const LISTS: { readonly [table: string]: Definition } = {
  vendorcategory: list(),
  inventorystatus: list(),
  subsidiary: {
    key: ['id'],
    display: 'name',
    feature: 'SUBSIDIARIES',
    columns: `
  id id !
  name text
  fullname text
  legalname text
  parent ref:subsidiary
  currency ref:currency
  country text
  iselimination bool
  isinactive bool
  externalid text
  lastmodifieddate datetime !`,
  },
  currency: {
    key: ['id'],
    display: 'name',
    feature: 'MULTICURRENCY',
    columns: `
  id id !
  name text
  symbol text
  displaysymbol text
  isbasecurrency bool
  exchangerate number
  currencyprecision integer
  isinactive bool
  externalid text
  lastmodifieddate datetime !`,
  },
  term: list('daysuntilnetdue integer\n discountpercent number'),
  accountingperiod: {
    key: ['id'],
    display: 'periodname',
    columns: `
  id id !
  periodname text
  startdate date
  enddate date
  closed bool
  isposting bool
  isquarter bool
  isyear bool`,
  },
  department: list('fullname text\n parent ref:department\n lastmodifieddate datetime !', 'DEPARTMENTS'),
  classification: list('fullname text\n parent ref:classification\n lastmodifieddate datetime !', 'CLASSES'),
  account: {
    key: ['id'],
    display: 'accountsearchdisplayname',
    columns: `
  id id !
  acctnumber text
  accountsearchdisplayname text
  fullname text
  accttype text
  isinactive bool
  externalid text
  lastmodifieddate datetime !`,
  },
  unitstype: list('', 'UNITSOFMEASURE'),
  unitstypeuom: {
    key: ['internalid'],
    display: 'unitname',
    feature: 'UNITSOFMEASURE',
    columns: `
  internalid id !
  unitstype ref:unitstype
  unitname text
  pluralname text
  abbreviation text
  pluralabbreviation text
  conversionrate number
  baseunit bool`,
  },
  dual: { key: ['dummy'], columns: 'dummy text !' },
}
