/** What a role needs to see a SuiteQL table: NetSuite reports a table without permission as unknown. */
const PERMISSIONS: { readonly [table: string]: string } = {
  vendor: 'Lists > Vendors: View',
  vendoraddressbook: 'Lists > Vendors: View',
  vendoraddressbookentityaddress: 'Lists > Vendors: View',
  entityaddress: 'Lists > Vendors: View',
  item: 'Lists > Items: View',
  itemvendor: 'Lists > Items: View and Lists > Vendors: View (feature Multiple Vendors)',
  aggregateitemlocation: 'Lists > Items: View and Lists > Locations: View (feature Multi-Location Inventory)',
  inventorybalance: 'Lists > Items: View and Lists > Locations: View (feature Multi-Location Inventory)',
  location: 'Lists > Locations: View (feature Locations)',
  department: 'Lists > Departments: View (feature Departments)',
  subsidiary: 'Lists > Subsidiaries: View (OneWorld accounts only)',
  currency: 'Lists > Currency: View',
  term: 'Lists > Accounting Lists: View',
  unitstype: 'Lists > Units: View (feature Multiple Units of Measure)',
  unitstypeuom: 'Lists > Units: View (feature Multiple Units of Measure)',
  employee: 'Lists > Employees: View',
  account: 'Lists > Accounts: View',
  transaction:
    'Transactions > Find Transaction: View, and View of each type of transaction (Purchase Order, Item Receipt, Adjust Inventory, Transfer Inventory, Work Order)',
  transactionline: 'Transactions > Find Transaction: View, and View of each type of transaction',
  supportcase: 'Lists > Cases: View (feature Customer Support and Service)',
  task: 'Lists > Tasks: View',
  deletedrecord: 'Lists > Deleted Records: View',
}

export function permissionFor(table: string): string {
  const name = table.toLowerCase()
  if (name.startsWith('customrecord'))
    return `Custom Record > ${name}: View (or Lists > Custom Record Entries: View), as the access type of the record asks`
  return PERMISSIONS[name] ?? `View of the record behind ${name}`
}
