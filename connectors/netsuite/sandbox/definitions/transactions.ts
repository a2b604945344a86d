import type { Definition } from './definition.ts'

const lineLink: Definition = {
  key: ['nextdoc', 'nextline'],
  view: `SELECT "createdfrom" AS "previousdoc", "orderline" AS "previousline", "transaction" AS "nextdoc", "id" AS "nextline",
    'ShipRcpt' AS "linktype", '' AS "_extra", "_visible_at" FROM "transactionline" WHERE "createdfrom" IS NOT NULL AND "orderline" IS NOT NULL`,
  columns: `
  previousdoc ref:transaction
  previousline integer
  nextdoc ref:transaction
  nextline integer
  linktype text`,
}

export const TRANSACTIONS: { readonly [table: string]: Definition } = {
  transaction: {
    key: ['id'],
    display: 'trandisplayname',
    indexes: ['type, lastmodifieddate, id', 'type, id', 'tranid', 'entity', 'trandate'],
    columns: `
  id id !
  type text !
  recordtype text
  abbrevtype text
  tranid text
  transactionnumber text
  trandisplayname text
  externalid text
  status text
  entity ref:entity
  trandate date
  duedate date
  shipdate date
  startdate date
  enddate date
  closedate date
  memo text
  otherrefnum text
  currency ref:currency @MULTICURRENCY
  exchangerate number @MULTICURRENCY
  foreigntotal number
  taxtotal number @TAX_OVERHAUL
  terms ref:term
  employee ref:employee
  approvalstatus text @APPROVALROUTING
  nextapprover ref:employee @APPROVALROUTING
  posting bool
  postingperiod ref:accountingperiod
  voided bool
  void bool
  transferlocation ref:location @LOCATIONS
  billingaddress ref:transactionbillingaddress
  shippingaddress ref:transactionshippingaddress
  createdby ref:employee
  lastmodifiedby ref:employee
  createddate datetime !
  lastmodifieddate datetime !
  subsidiary ref:subsidiary hidden
  location ref:location hidden
  department ref:department hidden
  account ref:account hidden
  createdfrom ref:transaction hidden
  total number hidden
  subtotal number hidden`,
  },
  transactionline: {
    key: ['transaction', 'id'],
    indexes: ['uniquekey', 'createdfrom'],
    columns: `
  transaction ref:transaction !
  id id !
  uniquekey integer !
  linesequencenumber integer
  mainline bool !
  taxline bool !
  item ref:item
  itemtype text
  memo text
  quantity number
  quantityshiprecv number
  quantitybilled number
  quantitycommitted number
  quantitybackordered number
  units ref:unitstypeuom @UNITSOFMEASURE
  rate number
  rateamount number
  foreignamount number
  netamount number
  creditforeignamount number
  debitforeignamount number
  subsidiary ref:subsidiary @SUBSIDIARIES
  location ref:location @LOCATIONS
  department ref:department @DEPARTMENTS
  class ref:classification @CLASSES
  entity ref:entity
  expenseaccount ref:account
  isclosed bool
  isfullyshipped bool
  isinventoryaffecting bool
  iscogs bool
  accountinglinetype text
  expectedreceiptdate date
  actualshipdate date
  createdfrom ref:transaction
  vendorname text
  linecreateddate datetime
  linelastmodifieddate datetime
  orderline integer hidden
  transferlocation ref:location hidden
  unitcost number hidden
  inventorynumber text hidden
  binnumber ref:bin hidden`,
  },
  nexttransactionlinelink: lineLink,
  previoustransactionlinelink: lineLink,
  deletedrecord: {
    key: ['_number'],
    indexes: ['deleteddate, recordid'],
    columns: `
  _number id ! hidden
  recordid integer !
  type text
  recordtypeid integer
  scriptid text
  name text
  deletedby ref:employee
  context text
  deleteddate datetime !
  iscustomrecord bool
  iscustomlist bool
  iscustomtransaction bool`,
  },
}
