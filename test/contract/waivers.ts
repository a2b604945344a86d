/** `R8`, or for one stream `R8 user` → why the rule cannot be kept or tried. */
export type Waivers = { readonly [rule: string]: string }

const BY_ID = 'read by the same reader as vendor (read/by-id.ts), which is tried; the ERP makes these one by one'
const NEVER_FAILS = 'all its fields are stored: there is no row that the ERP itself cannot read'

const ONE_BY_ONE =
  'each record takes a request: 10,000 take longer than all tests; read by the same walk as item, which is tried'

/** Connector → what it is let off. A waiver that names nothing, or whose rule holds, fails. */
export const WAIVERS: { readonly [connector: string]: Waivers } = {
  maintainx: {
    C2: 'a key is good until it is revoked: there is no session that ends',
    'R8 vendor': ONE_BY_ONE,
    'R8 purchase_order': ONE_BY_ONE,
    'R8 user': ONE_BY_ONE,
  },
  tryton: {
    'R8 item': BY_ID,
    'R8 location': BY_ID,
    'R8 purchase_order': BY_ID,
    'R8 user': BY_ID,
    'R8 inventory_movement':
      'its 10,000 documents would be made one by one by the ERP, which takes longer than all tests',
    'R8 stock_level': 'its 10,000 levels would be made by as many inventories, which takes longer than all tests',
    'R9 vendor': NEVER_FAILS,
    'R9 item': NEVER_FAILS,
    'R9 location': NEVER_FAILS,
    'R9 user': NEVER_FAILS,
    'R9 stock_level': NEVER_FAILS,
    'R9 inventory_movement': NEVER_FAILS,
  },
}
