import type { Json } from '../description/index.ts'
import { blankWorkOrder } from '../writes/work-orders.ts'
import type { Sowing } from './index.ts'
import type { Things } from './things.ts'
import { CATEGORIES, JOBS } from './words.ts'

const DAY = 86_400_000

/** Work orders of the year: most are done, the young ones are open, and some are to come. */
export function seedWork(sowing: Sowing, things: Things): void {
  const { plant, dice, at, add, size, organizationId, now } = sowing
  const { users, teams, assets, areas, vendors, parts } = things
  for (let n = 0; n < size.workOrders; n++) {
    const made = (n + dice.share()) / size.workOrders
    const createdAt = at(made)
    const status =
      made < 0.9
        ? dice.pick(['DONE', 'DONE', 'DONE', 'DONE', 'DONE', 'DONE', 'CANCELED', 'SKIPPED'])
        : dice.pick(['OPEN', 'OPEN', 'IN_PROGRESS', 'ON_HOLD', 'DONE'])
    const isDone = status === 'DONE'
    const finished = Math.min(now, Date.parse(createdAt) + dice.whole(1, 12) * DAY)
    const assetId = assets.length > 0 && dice.chance(0.9) ? dice.pick(assets) : null
    const asset = assetId === null ? null : plant.store.get('assets', assetId)
    const isPreventive = dice.chance(0.4)
    const dueDate = dice.chance(0.85) ? new Date(Date.parse(createdAt) + dice.whole(2, 25) * DAY).toISOString() : null
    const isUpcoming = status === 'OPEN' && dueDate !== null && Date.parse(dueDate) > now + 3 * DAY && dice.chance(0.4)
    const completerId = isDone ? dice.pick(users) : null
    const used =
      parts.length > 0 && dice.chance(0.35)
        ? Array.from({ length: dice.whole(1, 3) }, () => partUsed(sowing, things))
        : []
    add('workorders', {
      ...blankWorkOrder(plant, organizationId),
      title: `${dice.pick(JOBS)}${asset === null ? '' : ` – ${String(asset['name'])}`}`,
      description: dice.chance(0.5) ? 'See the maintenance manual, chapter 4.' : null,
      status,
      priority: dice.pick(['NONE', 'LOW', 'LOW', 'MEDIUM', 'MEDIUM', 'HIGH']),
      type: isPreventive ? 'PREVENTIVE' : dice.pick(['REACTIVE', 'REACTIVE', 'OTHER', null]),
      assetId,
      locationId: (asset?.['locationId'] ?? (areas.length > 0 ? dice.pick(areas) : null)) as Json,
      assignees: [
        { type: 'USER', id: dice.pick(users) },
        ...(teams.length > 0 && dice.chance(0.3) ? [{ type: 'TEAM', id: dice.pick(teams) }] : []),
      ],
      categories: [isPreventive ? 'Preventive' : dice.pick(CATEGORIES)],
      creatorId: dice.pick(users),
      requesterId: dice.chance(0.3) ? dice.pick(users) : null,
      dueDate,
      startDate: isUpcoming && dueDate !== null ? new Date(Date.parse(dueDate) - DAY).toISOString() : null,
      estimatedTime: dice.chance(0.7) ? dice.whole(1, 16) * 1800 : null,
      recurrenceInfo: isPreventive && dice.chance(0.5) ? { type: 'MONTHLY', interval: 1, day: 1 } : null,
      vendorIds: vendors.length > 0 && dice.chance(0.1) ? [dice.pick(vendors)] : [],
      extraFields: dice.chance(0.3) ? { 'ERP Order': String(800_000 + n) } : {},
      partsUsed: used as unknown as Json,
      partStatus: used.length > 0 ? 'ASSIGNED' : 'NO_PARTS',
      startedAt: status === 'OPEN' ? null : createdAt,
      completedAt: isDone ? new Date(finished).toISOString() : null,
      completerId,
      costs: (completerId === null ? [] : costsOf(sowing, completerId)) as unknown as Json,
      createdAt,
      updatedAt: status === 'OPEN' ? createdAt : new Date(finished).toISOString(),
      // seeded ones that are late were told long ago
      overdueTold: dueDate !== null && Date.parse(dueDate) < now ? dueDate : null,
    })
  }
}

function partUsed({ plant, dice }: Sowing, { parts }: Things) {
  const partId = dice.pick(parts)
  const [shelf] = (plant.store.get('parts', partId)?.['locations'] ?? []) as unknown as readonly {
    locationId: number
  }[]
  return { partId, quantityUsed: dice.whole(1, 4), locationId: shelf?.locationId ?? null, copyOnRecurring: 'Default' }
}

function costsOf({ plant, dice }: Sowing, userId: number) {
  const durationTotal = dice.whole(1, 12) * 1800
  const costPerUnit = Number(plant.store.get('users', userId)?.['hourlyRate'] ?? 0)
  const quantity = durationTotal / 3600
  const row = {
    id: plant.store.nextId('cost', 8_000_001),
    type: 'TIME',
    costType: 'WORK',
    costPerUnit,
    description: null,
    quantity,
    rowTotal: Math.round(quantity * costPerUnit),
    durationTotal,
    userId,
  }
  if (!dice.chance(0.15)) return [row]
  const amount = dice.whole(20, 400) * 100
  return [
    row,
    {
      id: plant.store.nextId('cost', 8_000_001),
      type: 'EXPENSE',
      costType: 'OTHER',
      costPerUnit: amount,
      description: 'External service',
      quantity: 1,
      rowTotal: amount,
      durationTotal: 0,
      userId,
    },
  ]
}
