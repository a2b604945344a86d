import type { Definition } from './definition.ts'

export const STOCK: { readonly [table: string]: Definition } = {
  item: {
    key: ['id'],
    display: 'itemid',
    indexes: ['itemid'],
    columns: `
  id id !
  itemid text
  fullname text
  displayname text
  description text
  purchasedescription text
  itemtype text !
  subtype text
  isinactive bool
  isserialitem bool @SERIALIZEDINVENTORY
  islotitem bool @LOTNUMBEREDINVENTORY
  class ref:classification @CLASSES
  department ref:department @DEPARTMENTS
  location ref:location @LOCATIONS
  subsidiary ref:subsidiary @SUBSIDIARIES
  unitstype ref:unitstype @UNITSOFMEASURE
  stockunit ref:unitstypeuom @UNITSOFMEASURE
  purchaseunit ref:unitstypeuom @UNITSOFMEASURE
  cost number
  averagecost number
  lastpurchaseprice number
  costingmethod text
  totalquantityonhand number
  leadtime integer
  reorderpoint number
  preferredstocklevel number
  manufacturer text
  mpn text
  upccode text
  vendorname text
  parent ref:item
  assetaccount ref:account
  expenseaccount ref:account
  incomeaccount ref:account
  cogsaccount ref:account hidden
  matrixtype text
  usebins bool @BINMANAGEMENT
  externalid text
  createddate datetime !
  lastmodifieddate datetime !`,
  },
  itemvendor: {
    key: ['item', 'vendor'],
    columns: `
  item ref:item !
  vendor ref:vendor !
  preferredvendor bool
  vendorcode text
  purchaseprice number
  vendorcurrency ref:currency @MULTICURRENCY
  subsidiary ref:subsidiary @SUBSIDIARIES`,
  },
  aggregateitemlocation: {
    key: ['item', 'location'],
    feature: 'MULTILOCINVT',
    columns: `
  item ref:item !
  location ref:location !
  quantityonhand number
  quantityavailable number
  quantitycommitted number
  quantityonorder number
  quantitybackordered number
  quantityintransit number
  reorderpoint number
  preferredstocklevel number
  safetystocklevel number
  leadtime integer
  averagecostmli number
  onhandvaluemli number
  lastpurchasepricemli number
  lastinvtcountdate date
  lastquantityavailablechange datetime`,
  },
  inventorybalance: {
    key: ['item', 'location', 'binnumber', 'inventorystatus'],
    feature: 'ADVBINSERIALLOTMGMT',
    columns: `
  item ref:item !
  location ref:location !
  binnumber ref:bin !
  inventorystatus ref:inventorystatus !
  inventorynumber text
  quantityonhand number
  quantityavailable number
  quantitypicked number`,
  },
  bin: {
    key: ['id'],
    display: 'binnumber',
    feature: 'BINMANAGEMENT',
    columns: `
  id id !
  binnumber text
  location ref:location
  memo text
  isinactive bool
  externalid text`,
  },
  location: {
    key: ['id'],
    display: 'name',
    feature: 'LOCATIONS',
    columns: `
  id id !
  name text
  fullname text
  parent ref:location
  isinactive bool
  subsidiary ref:subsidiary @SUBSIDIARIES
  locationtype text
  makeinventoryavailable bool @MULTILOCINVT
  usebins bool @BINMANAGEMENT
  mainaddress ref:locationmainaddress
  tranprefix text
  timezone text hidden
  externalid text
  datecreated datetime hidden
  lastmodifieddate datetime !`,
  },
}
