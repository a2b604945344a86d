import type { Account, Role } from './account.ts'
import type { Switches } from './faults.ts'
import type { Store } from './store.ts'

/** What every service works on. */
export interface System {
  readonly store: Store
  readonly account: Account
  readonly switches: Switches
  /** Epoch ms. */
  readonly now: () => number
}

/** A request's view of it. */
export interface Session extends System {
  readonly role: Role
  /** `http://127.0.0.1:8490/services/rest`: what links start with. */
  readonly root: string
}
