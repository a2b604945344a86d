import type { WritableEntity } from '../../core/index.ts'

export interface BenchCommand {
  readonly entity: WritableEntity
  readonly id: string
  readonly connection: string
  /** JSON, as clients without a registry send it. */
  readonly value: Buffer
}

/** Shares in 100: what a day of purchasing and maintenance writes. */
const MIX = [
  ['purchase_order', 'CREATE', 30],
  ['purchase_order', 'UPDATE', 20],
  ['vendor', 'CREATE', 15],
  ['vendor', 'UPDATE', 10],
  ['work_order', 'SET_STATUS', 15],
  ['inventory_movement', 'CREATE', 10],
] as const
const RECORDS = 2_000

let last = 0

/** @param random in [0, 1) */
export function someCommand(connection: string, random: () => number): BenchCommand {
  let point = random() * 100
  const [entity, operation] = MIX.find(([, , share]) => (point -= share) < 0) ?? MIX[0]
  const id = `bench-command-${++last}`
  const own = (of: string, key: string) => `${connection}:${of}:${key}`
  const target = own(entity, `r${Math.floor(random() * RECORDS)}`)
  const payloads = {
    'purchase_order CREATE': {
      vendor_id: own('vendor', 'r1'),
      currency: 'EUR',
      lines: [1, 2, 3].map((line) => ({
        line_ref: `l${line}`,
        item_id: own('item', `i${line}`),
        location_id: own('location', 'main'),
        quantity_ordered: '12',
        unit_price: '3.25',
      })),
    },
    'purchase_order UPDATE': { notes: `Deliver at gate 4, ${id}` },
    'vendor CREATE': { name: `Stahlbau Köster ${id}`, country: 'DE', city: 'Viersen' },
    'vendor UPDATE': { name: `Stahlbau Köster ${id}`, city: 'Kempen' },
    'work_order SET_STATUS': { status: 'COMPLETED' },
    'inventory_movement CREATE': {
      kind: 'ADJUSTMENT',
      lines: [{ item_id: own('item', 'i1'), quantity: '-2', to_location_id: own('location', 'main') }],
    },
  }
  const command = {
    command_id: id,
    connection_id: connection,
    operation,
    target_id: operation === 'CREATE' ? null : target,
    issued_at: Date.now(),
    payload: payloads[`${entity} ${operation}` as keyof typeof payloads],
  }
  return { entity, id, connection, value: Buffer.from(JSON.stringify(command)) }
}
