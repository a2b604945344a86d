import type { Operation } from '../description/index.ts'
import { record, type Write } from '../plant.ts'
import type { Resource } from '../store.ts'
import { partWrites } from './parts.ts'
import { peopleWrites } from './people.ts'
import { placeWrites } from './places.ts'
import { purchaseOrderWrites } from './purchase-orders.ts'
import { subscriptionWrites } from './subscriptions.ts'
import { workOrderWrites } from './work-orders.ts'

const WRITES: Readonly<Record<string, Write>> = {
  ...placeWrites,
  ...peopleWrites,
  ...partWrites,
  ...purchaseOrderWrites,
  ...subscriptionWrites,
  ...workOrderWrites,
}

/** Deletes that have no consequences are all alike. */
const remove: (resource: Resource) => Write = (resource) => (command) => {
  command.plant.store.remove(resource, record(command, resource, command.ids['id']).id)
  return null
}

export function writeOf({
  method,
  template,
  resource,
}: Pick<Operation, 'method' | 'template' | 'resource'>): Write | null {
  return WRITES[`${method} ${template}`] ?? (method === 'DELETE' ? remove(resource as Resource) : null)
}
