/** The statements a client of the system sends, as the reference has them; `?` in the order of `params`. */
const ISO = "'YYYY-MM-DD HH24:MI:SS'"
const utc = (column: string) => `TO_CHAR(SYS_EXTRACT_UTC(${column}),${ISO})`
const window = (time: string, id: string) => `SYS_EXTRACT_UTC(${time}) <= TO_TIMESTAMP(?,${ISO})
  AND ( SYS_EXTRACT_UTC(${time}) > TO_TIMESTAMP(?,${ISO})
     OR ( SYS_EXTRACT_UTC(${time}) = TO_TIMESTAMP(?,${ISO}) AND ${id} > ? ) )`

/** `hi`, then `ts` twice, then `id`. */
export const WINDOWED = {
  orders: `SELECT t.id, t.tranid, t.externalid, t.status, BUILTIN.DF(t.status) AS statusname, t.entity AS vendor,
  TO_CHAR(t.trandate,'YYYY-MM-DD') AS trandate, TO_CHAR(t.duedate,'YYYY-MM-DD') AS duedate,
  t.memo, t.otherrefnum, t.currency, t.exchangerate, t.foreigntotal, t.employee, t.approvalstatus, t.voided,
  m.subsidiary, m.location,
  ${utc('t.createddate')} AS created,
  ${utc('t.lastmodifieddate')} AS ts
FROM transaction t JOIN transactionline m ON m.transaction = t.id AND m.mainline = 'T'
WHERE t.type = 'PurchOrd'
  AND ${window('t.lastmodifieddate', 't.id')}
ORDER BY t.lastmodifieddate, t.id`,
  vendors: `SELECT v.id, v.entityid, v.companyname, v.legalname, v.isperson, v.email, v.phone, v.isinactive, v.currency, v.terms,
  v.category, v.subsidiary, v.vatregnumber, v.externalid, ${utc('v.datecreated')} AS created, ${utc('v.lastmodifieddate')} AS ts
FROM vendor v WHERE ${window('v.lastmodifieddate', 'v.id')} ORDER BY v.lastmodifieddate, v.id`,
  items: `SELECT i.id, i.itemid, i.displayname, i.description, i.itemtype, i.isinactive, i.stockunit, i.unitstype, i.cost,
  i.averagecost, i.lastpurchaseprice, i.externalid, ${utc('i.lastmodifieddate')} AS ts
FROM item i WHERE i.itemtype IN ('InvtPart','Assembly','NonInvtPart') AND ${window('i.lastmodifieddate', 'i.id')} ORDER BY i.lastmodifieddate, i.id`,
  locations: `SELECT l.id, l.name, l.fullname, l.parent, l.isinactive, l.subsidiary, l.locationtype, l.usebins, ${utc('l.lastmodifieddate')} AS ts
FROM location l WHERE ${window('l.lastmodifieddate', 'l.id')} ORDER BY l.lastmodifieddate, l.id`,
  employees: `SELECT e.id, e.entityid, e.firstname, e.lastname, e.email, e.title, e.department, e.location, e.supervisor, e.isinactive,
  TO_CHAR(e.hiredate,'YYYY-MM-DD') AS hired, TO_CHAR(e.releasedate,'YYYY-MM-DD') AS released, ${utc('e.lastmodifieddate')} AS ts
FROM employee e WHERE ${window('e.lastmodifieddate', 'e.id')} ORDER BY e.lastmodifieddate, e.id`,
}

export const lines = (
  transactions: number,
): string => `SELECT l.transaction, l.uniquekey, l.id AS lineid, l.linesequencenumber, l.item, l.itemtype, l.memo, l.quantity,
  l.quantityshiprecv, l.quantitybilled, l.units, l.rate, l.foreignamount, l.location, l.isclosed,
  TO_CHAR(l.expectedreceiptdate,'YYYY-MM-DD') AS expected
FROM transactionline l WHERE l.mainline = 'F' AND l.taxline = 'F' AND l.transaction IN (${Array(transactions).fill('?').join(',')}) ORDER BY l.transaction, l.linesequencenumber`

export const PREFERRED_VENDORS =
  'SELECT iv.item, iv.vendor, iv.preferredvendor FROM itemvendor iv WHERE iv.item IN (?, ?)'

/** `item` twice, then `loc`. */
export const STOCK = `SELECT a.item, a.location, a.quantityonhand, a.quantityavailable, a.quantitycommitted, a.quantityonorder,
  a.quantitybackordered, a.quantityintransit, a.reorderpoint, a.preferredstocklevel, a.leadtime, a.averagecostmli, a.onhandvaluemli
FROM aggregateitemlocation a WHERE a.item > ? OR (a.item = ? AND a.location > ?) ORDER BY a.item, a.location`

export const BINS = `SELECT b.item, b.location, b.binnumber, b.inventorystatus, b.quantityonhand FROM inventorybalance b WHERE b.item IN (?)`

/** From, to. */
export const DELETED = `SELECT d.recordid, d.type, d.recordtypeid, d.scriptid, d.name, d.deletedby, d.context, ${utc('d.deleteddate')} AS ts
FROM deletedrecord d WHERE SYS_EXTRACT_UTC(d.deleteddate) BETWEEN TO_TIMESTAMP(?,${ISO}) AND TO_TIMESTAMP(?,${ISO}) ORDER BY d.deleteddate, d.recordid`
