import { type Account, createAccount, type Role } from '../../../../../../connectors/netsuite/sandbox/account.ts'
import { createStore, type Store } from '../../../../../../connectors/netsuite/sandbox/store.ts'
import {
  executeSuiteQl,
  SuiteQlError,
  type SuiteQlResult,
} from '../../../../../../connectors/netsuite/sandbox/suiteql/index.ts'

export const NOW = Date.UTC(2026, 0, 15, 10, 0, 0)

export interface Books {
  readonly store: Store
  readonly account: Account
  /** The rows of the first page, null columns left out. */
  ask(q: string, params?: readonly string[]): readonly { readonly [column: string]: string }[]
  /** The values of the only column. */
  column(q: string, params?: readonly string[]): (string | undefined)[]
  /** The only value of the only row. */
  value(expression: string, params?: readonly string[]): string | undefined
  page(q: string, paging: { params?: string[]; limit?: number; offset?: number; role?: Role }): SuiteQlResult
  /** The detail of the refusal. @throws when the statement is not refused by the system */
  refusal(q: string, params?: readonly string[], role?: Role): string
}

/** A few suppliers, items and orders, and an account that reads them. `clock` may be moved. */
export function openBooks(changes: Partial<Account> = {}, clock = { now: NOW }): Books {
  const account = createAccount(changes)
  const store = createStore({ now: () => clock.now, customFields: account.customFields })
  fill(store)
  const page: Books['page'] = (q, paging) => executeSuiteQl(store, account, { q, ...paging })
  const ask: Books['ask'] = (q, params = []) => page(q, { params: [...params] }).items
  const column: Books['column'] = (q, params) => ask(q, params).map((it) => Object.values(it)[0])
  return {
    store,
    account,
    ask,
    column,
    value: (expression, params) => column(`SELECT ${expression} AS v FROM DUAL`, params)[0],
    page,
    refusal(q, params = [], role) {
      try {
        page(q, { params: [...params], ...(role === undefined ? {} : { role }) })
      } catch (error) {
        if (error instanceof SuiteQlError) return error.detail
        throw error
      }
      throw new Error(`the statement was taken: ${q}`)
    },
  }
}

export const UNSUPPORTED =
  'Invalid search query. Detailed unprocessed description follows. Search error occurred: Invalid or unsupported search.'

/** Epoch ms of an ISO time without zone, in UTC. */
export const utc = (text: string): number => Date.parse(`${text}Z`)

function fill(store: Store): void {
  const created = utc('2026-01-01T08:15:00')
  store.insertMany('vendor', [
    { id: 12, entityid: 'Nordhafen', companyname: 'Nordhafen', email: 'orders@example.com', isinactive: 'F' },
    { id: 13, entityid: "O'Brien & Söhne", companyname: "O'Brien", isinactive: 'T', custentity_rating: 4 },
    { id: 14, entityid: 'acme_1', companyname: '', isinactive: 'F' },
  ])
  store.insert('employee', { id: 40, entityid: 'Kim Roe', firstname: 'Kim', lastname: 'Roe', hiredate: '2024-02-29' })
  store.insertMany('location', [
    { id: 3, name: 'Main store', locationtype: '2' },
    { id: 4, name: 'Yard', parent: 3 },
  ])
  store.insertMany('item', [
    { id: 88, itemid: 'SEAL-40', itemtype: 'InvtPart', cost: '9.5', averagecost: '9.31' },
    { id: 89, itemid: 'PUMP', itemtype: 'Assembly', cost: '1200.00' },
    { id: 90, itemid: 'HELP', itemtype: 'Service' },
  ])
  store.insertMany('transaction', [
    order(1, 'B', '2026-01-15', '114.00', created),
    order(2, 'D', '2026-01-20', '0.10', created + 1000),
    order(3, 'B', '2026-02-01', '0.20', created + 1000),
    { ...order(4, 'H', '2026-02-28', '-5', created + 2000), entity: 13, memo: 'late' },
    { id: 5, type: 'ItemRcpt', tranid: 'IR5', entity: 12, createddate: created, lastmodifieddate: created + 5000 },
  ])
  for (let order = 1; order <= 5; order++) {
    store.insert('transactionline', { ...line(order, 0), mainline: 'T', subsidiary: 1, location: 3 })
  }
  store.insertMany('transactionline', [
    { ...line(1, 1), item: 88, quantity: '12', quantityshiprecv: '0', foreignamount: '114' },
    { ...line(1, 2), item: 89, quantity: '0.125', foreignamount: '1.005' },
    { ...line(2, 1), item: 88, quantity: '3.10' },
  ])
}

function order(id: number, status: string, date: string, total: string, at: number) {
  return {
    id,
    type: 'PurchOrd',
    tranid: `PO${id}`,
    trandisplayname: `Purchase Order #PO${id}`,
    status,
    entity: 12,
    employee: 40,
    trandate: date,
    foreigntotal: total,
    voided: 'F',
    createddate: at,
    lastmodifieddate: at,
  }
}

function line(transaction: number, id: number) {
  return { transaction, id, uniquekey: transaction * 100 + id, linesequencenumber: id, mainline: 'F', taxline: 'F' }
}
