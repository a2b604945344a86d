import { exactly, isTrue, type Mapping, some, unitOf, type Value } from './netsuite-account.ts'

const unsigned = (value: Value): Value => (typeof value === 'string' ? value.replace(/^-/, '') : value)

const ORDER_STATUS: { readonly [letter: string]: string } = {
  A: 'PENDING_APPROVAL',
  B: 'APPROVED',
  C: 'REJECTED',
  D: 'PARTIALLY_RECEIVED',
  E: 'PARTIALLY_RECEIVED',
  F: 'RECEIVED',
  G: 'RECEIVED',
  H: 'CLOSED',
}

export const purchaseOrder: Mapping = (account, order) => {
  const key = String(order['id'])
  const main = account.main(order)
  const lines = account
    .lines(order)
    .toSorted((a, b) => Number(a['linesequencenumber']) - Number(b['linesequencenumber']))
  return {
    order_number: some(order['tranid']),
    vendor_id: account.ref('vendor', order['entity']),
    vendor_reference: some(order['otherrefnum']),
    buyer_id: account.ref('user', order['employee']),
    status: ORDER_STATUS[String(order['status'])],
    source_status: order['status'],
    order_date: order['trandate'],
    currency: some(account.find('currency', order['currency'])?.['symbol']),
    total_amount: order['foreigntotal'],
    payment_terms: some(account.find('term', order['terms'])?.['name']),
    organization: some(main?.['subsidiary']),
    notes: some(order['memo']),
    lines: lines.map((line) => {
      // lines are kept in their own unit; only stock counts in base units
      const { source_unit } = unitOf(account, line['units'])
      const isComplete =
        Number(line['quantity'] ?? 0) > 0 && Number(line['quantityshiprecv'] ?? 0) >= Number(line['quantity'])
      return {
        line_id: account.id('purchase_order_line', key, String(line['id'])),
        line_number: String(line['id']),
        item_id: account.ref('item', line['item']),
        description: some(line['memo']),
        source_unit,
        ...exactly('quantity_ordered', [line['quantity']], []),
        ...exactly('quantity_received', [line['quantityshiprecv']], []),
        ...exactly('quantity_billed', [line['quantitybilled']], []),
        ...(line['quantity'] === null
          ? { unit_price: null }
          : exactly('unit_price', [line['foreignamount']], [line['quantity']])),
        line_amount: line['foreignamount'],
        expected_date: line['expectedreceiptdate'] ?? order['duedate'] ?? null,
        location_id: account.ref('location', line['location'] ?? main?.['location']),
        is_closed: isTrue(line['isclosed']) || isComplete,
        is_canceled: false,
      }
    }),
  }
}

export const KINDS: { readonly [type: string]: string } = {
  ItemRcpt: 'RECEIPT',
  InvAdjst: 'ADJUSTMENT',
  InvTrnfr: 'TRANSFER',
}

export const movement: Mapping = (account, row) => {
  const key = String(row['id'])
  const type = String(row['type'])
  const order = account.find('transaction', row['createdfrom'])
  const lines = account.lines(row)
  const stocked = lines.filter((line) => isTrue(line['isinventoryaffecting']))
  const moved = stocked.length > 0 ? stocked : lines
  // of a transfer's pairs the first is what leaves
  const shown = type === 'InvTrnfr' ? moved.filter((line) => Number(line['quantity']) < 0) : moved
  return {
    movement_number: some(row['tranid']),
    kind: KINDS[type],
    source_kind: type,
    status: isTrue(row['voided']) ? 'REVERSED' : 'POSTED',
    document_date: row['trandate'],
    vendor_id: order === undefined ? null : account.ref('vendor', row['entity']),
    purchase_order_id: account.ref('purchase_order', order?.['id']),
    reference: some(row['memo']),
    lines: shown.map((line) => {
      // lines are kept in their own unit; only stock counts in base units
      const { source_unit } = unitOf(account, line['units'])
      const isIn = Number(line['quantity']) > 0
      const here = account.ref('location', line['location'])
      const there = type === 'InvTrnfr' ? account.ref('location', row['transferlocation']) : null
      return {
        line_id: account.id('inventory_movement_line', key, String(line['id'])),
        item_id: account.ref('item', line['item']),
        source_unit,
        ...exactly('quantity', [type === 'InvAdjst' ? line['quantity'] : unsigned(line['quantity'])], []),
        from_location_id: isIn ? null : here,
        to_location_id: isIn ? here : there,
        purchase_order_line_id:
          order === undefined
            ? null
            : account.id('purchase_order_line', String(order['id']), String(line['orderline'])),
      }
    }),
  }
}

const WORK_STATUS: { readonly [letter: string]: string } = {
  A: 'DRAFT',
  B: 'OPEN',
  C: 'CANCELED',
  D: 'IN_PROGRESS',
  G: 'COMPLETED',
  H: 'CLOSED',
}

export const workOrder: Mapping = (account, order) => {
  const main = account.main(order)
  return {
    order_number: some(order['tranid']),
    title: some(account.find('item', main?.['item'])?.['itemid']),
    status: WORK_STATUS[String(order['status'])],
    location_id: account.ref('location', main?.['location']),
    parts: account.lines(order).map((line) => {
      // lines are kept in their own unit; only stock counts in base units
      const { source_unit } = unitOf(account, line['units'])
      return {
        line_id: account.id('work_order_part', String(order['id']), String(line['id'])),
        item_id: account.ref('item', line['item']),
        source_unit,
        ...exactly('quantity_planned', [unsigned(line['quantity'])], []),
      }
    }),
  }
}
