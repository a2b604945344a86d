import type { Definition } from './definition.ts'

const ADDRESS_COLUMNS = `
  nkey id !
  addressee text
  attention text
  addr1 text
  addr2 text
  addr3 text
  city text
  state text
  zip text
  country text
  addrphone text
  addrtext text
  lastmodifieddate datetime !`

const addressView: Definition = {
  key: ['nkey'],
  view: 'SELECT * FROM "entityaddress"',
  columns: ADDRESS_COLUMNS,
}

export const PARTIES: { readonly [table: string]: Definition } = {
  vendor: {
    key: ['id'],
    display: 'entityid',
    indexes: ['entityid'],
    columns: `
  id id !
  entityid text
  altname text
  companyname text
  legalname text
  isperson bool
  firstname text
  lastname text
  email text
  phone text
  altphone text
  fax text
  url text
  isinactive bool
  currency ref:currency @MULTICURRENCY
  terms ref:term
  category ref:vendorcategory
  subsidiary ref:subsidiary @SUBSIDIARIES
  vatregnumber text
  taxidnum text
  accountnumber text
  creditlimit number
  comments text
  externalid text
  defaultbillingaddress ref:entityaddress
  defaultshippingaddress ref:entityaddress
  datecreated datetime !
  lastmodifieddate datetime !`,
  },
  vendoraddressbook: {
    key: ['internalid'],
    indexes: ['entity'],
    columns: `
  internalid id !
  entity ref:vendor
  addressbookaddress ref:entityaddress
  label text
  defaultbilling bool
  defaultshipping bool
  isresidential bool`,
  },
  entityaddress: { key: ['nkey'], display: 'addrtext', columns: ADDRESS_COLUMNS },
  vendoraddressbookentityaddress: addressView,
  locationmainaddress: addressView,
  transactionbillingaddress: { ...addressView, display: 'addrtext' },
  transactionshippingaddress: { ...addressView, display: 'addrtext' },
  entity: {
    key: ['id'],
    display: 'entityid',
    view: `SELECT "id", "entityid", COALESCE("companyname", "altname") AS "altname", 'Vendor' AS "type", "email", "phone", "isinactive",
      "externalid", "datecreated", "lastmodifieddate", NULL AS "_extra", "_visible_at" FROM "vendor"
      UNION ALL SELECT "id", "entityid", "firstname" || ' ' || "lastname", 'Employee', "email", "phone", "isinactive",
      "externalid", "datecreated", "lastmodifieddate", NULL, "_visible_at" FROM "employee"`,
    columns: `
  id id !
  entityid text
  altname text
  type text
  email text
  phone text
  isinactive bool
  externalid text
  datecreated datetime
  lastmodifieddate datetime`,
  },
  employee: {
    key: ['id'],
    display: 'entityid',
    indexes: ['entityid'],
    columns: `
  id id !
  entityid text
  firstname text
  middlename text
  lastname text
  email text
  phone text
  officephone text
  mobilephone text
  title text
  department ref:department @DEPARTMENTS
  class ref:classification @CLASSES
  location ref:location @LOCATIONS
  subsidiary ref:subsidiary @SUBSIDIARIES
  supervisor ref:employee
  isinactive bool
  giveaccess bool
  issalesrep bool
  hiredate date
  releasedate date
  comments text
  externalid text
  datecreated datetime !
  lastmodifieddate datetime !`,
  },
}
