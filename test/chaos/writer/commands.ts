import { unifiedId, type WritableEntity, type WriteOperationName } from '../../../core/index.ts'
import type { OperationName, WriteCommand, WriteWorld } from '../../contract/kit/writing.ts'
import type { Target } from './systems.ts'

/** A command with its envelope, and what must have become of it. */
export interface Planned {
  readonly target: Target
  readonly entity: WritableEntity
  readonly operation: WriteOperationName
  readonly id: string
  readonly command: WriteCommand
  readonly expectedVersion?: string
  /** `order of a vendor`: refers to the vendor that another command creates. */
  readonly refersTo?: string
  readonly expect: 'APPLIED' | 'REJECTED' | 'CONFLICT'
  /** Another command overwrites what this one did. */
  replaced: boolean
}

export type Random = () => number
export const pick = <T>(from: readonly T[], random: Random): T => from[Math.floor(random() * from.length)] as T

/** The same numbers for the same seed (mulberry32). */
export function dice(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Creations are what can be doubled: more of them. */
const SHARE: { readonly [O in WriteOperationName]: number } = { CREATE: 6, UPDATE: 4, SET_STATUS: 2, DELETE: 1 }

/** Random commands for these systems, each with a record of its own, made while all is well. */
export function createPlanner(prefix: string, targets: readonly Target[], random: Random) {
  let made = 0
  const nextId = () => `${prefix}${++made}`

  function worldsOf(target: Target) {
    return (Object.entries(target.writes.worlds) as [OperationName, WriteWorld][]).flatMap(([name, world]) => {
      const [operation, entity] = name.split(' ') as [WriteOperationName, WritableEntity]
      return Array.from({ length: SHARE[operation] }, () => ({ operation, entity, world }))
    })
  }
  const worlds = new Map(targets.map((target) => [target, worldsOf(target)]))

  const planned = (
    target: Target,
    { operation, entity }: { readonly operation: WriteOperationName; readonly entity: WritableEntity },
    command: WriteCommand,
    more: Partial<Planned> = {},
  ): Planned => ({ target, entity, operation, id: nextId(), command, expect: 'APPLIED', replaced: false, ...more })

  /** One in 25 is a command that the system itself refuses. */
  async function any(): Promise<Planned> {
    const target = pick(targets, random)
    const kind = pick(worlds.get(target) ?? [], random)
    if (random() < 0.04) {
      const refused = await kind.world.refused()
      if (refused.answer === undefined) return planned(target, kind, refused, { expect: 'REJECTED' })
    }
    return planned(target, kind, await kind.world.make())
  }

  /** A vendor, and an order of it that is sent at the same time. */
  async function vendorAndOrder(): Promise<[Planned, Planned]> {
    const target = pick(targets, random)
    const worldOf = (name: OperationName) => target.writes.worlds[name] as WriteWorld
    const vendor = planned(target, { operation: 'CREATE', entity: 'vendor' }, await worldOf('CREATE vendor').make())
    const order = await worldOf('CREATE purchase_order').make()
    const command = { ...order, payload: { ...order.payload, vendor_id: `cmd:${vendor.id}` } }
    const about = { operation: 'CREATE', entity: 'purchase_order' } as const
    return [vendor, planned(target, about, command, { refersTo: vendor.id })]
  }

  /** A change of a record, to be followed by two that both know the version which this one leaves. */
  async function changeToFollow(): Promise<{ readonly first: Planned; readonly world: WriteWorld }> {
    const target = pick(targets, random)
    const changes = (worlds.get(target) ?? []).filter(({ world }) => world.next !== undefined)
    const kind = pick(changes, random)
    return { first: planned(target, kind, await kind.world.make()), world: kind.world }
  }

  /** Of two changes that expect the same version the second must end in conflict. */
  function rivals(first: Planned, world: WriteWorld, version: string): [Planned, Planned] {
    const change = () => world.next?.(first.command) as WriteCommand
    first.replaced = true
    return [
      planned(first.target, first, change(), { expectedVersion: version }),
      planned(first.target, first, change(), { expectedVersion: version, expect: 'CONFLICT' }),
    ]
  }

  return { any, vendorAndOrder, changeToFollow, rivals }
}

/** As a client without a schema registry sends it. */
export function jsonOf({ target, entity, operation, id, command, expectedVersion }: Planned) {
  const { connectionId } = target
  return {
    command_id: id,
    connection_id: connectionId,
    operation,
    target_id: command.target === undefined ? null : unifiedId(connectionId, entity, command.target.split('|')),
    expected_version: expectedVersion ?? null,
    payload: command.payload,
  }
}
