import { describeError } from '../../errors.ts'
import { backoffMs, pause } from '../backoff.ts'
import { asFatal, errorType, isConnectionError, isHopeless, isStaleCoordinator } from '../errors.ts'
import type { Broker } from '../kafkajs.ts'
import type { Link } from '../link.ts'
import type { KafkaLog } from '../log.ts'
import {
  assignPartitions,
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
  PROTOCOL,
} from './assignor.ts'

const GROUP_COORDINATOR = 0
/** The coordinator does not know us (any more), or knows us under another generation: what we own is gone. */
const EXPELLED = new Set(['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'FENCED_INSTANCE_ID'])

export interface Membership {
  /** Joins and stays until stopped. Resolves after the first assignment; rejects when joining is hopeless. */
  start(): Promise<void>
  /** Leaves the group. */
  leave(): Promise<void>
  /** Sends a heartbeat at once: are we still who we think we are? */
  verify(): void
  /** Last time that the coordinator answered as it should, epoch ms. */
  lastContact(): number
  /** Stores positions for lag tools. Failures are ignored: nobody reads them back. */
  commit(offsets: ReadonlyMap<string, ReadonlyMap<number, number>>): Promise<void>
}

/**
 * Our part of Kafka's group protocol (eager, with sticky assignment). Partitions kept over a rebalance are worked on
 * without a pause: whoever gets one of the others fences us first.
 */
export function createMembership(options: {
  readonly link: Link
  readonly groupId: string
  /** Full names. */
  readonly topics: readonly string[]
  readonly partitions: number
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  readonly heartbeatMs: number
  readonly owned: () => readonly number[]
  readonly onAssignment: (partitions: readonly number[]) => void
  /** All ownership is lost. */
  readonly onExpelled: () => void
  /** Joining became hopeless (rights, settings). */
  readonly onFailure: (error: Error) => void
  readonly log: KafkaLog
}): Membership {
  const { link, groupId, topics, log } = options
  const stop = new AbortController()
  let wake = new AbortController()
  let memberId = ''
  let generationId = -1
  let joined = false
  let lastContact = Date.now()
  let coordinator: Broker | undefined
  let running: Promise<void> | undefined

  const findCoordinator = async (): Promise<Broker> => {
    if (coordinator === undefined) {
      await link.learn(topics)
      const cluster = await link.cluster()
      coordinator = await cluster.findGroupCoordinator({ groupId, coordinatorType: GROUP_COORDINATOR })
    }
    return coordinator
  }

  const join = async (): Promise<void> => {
    const broker = await findCoordinator()
    const answer = await broker.joinGroup({
      groupId,
      sessionTimeout: options.sessionTimeoutMs,
      rebalanceTimeout: options.rebalanceTimeoutMs,
      memberId,
      groupProtocols: [{ name: PROTOCOL, metadata: encodeSubscription(topics, options.owned()) }],
    })
    memberId = answer.memberId
    generationId = answer.generationId
    const groupAssignment = answer.leaderId === answer.memberId ? lead(answer.members) : []
    const { memberAssignment } = await broker.syncGroup({ groupId, generationId, memberId, groupAssignment })
    const partitions = decodeAssignment(memberAssignment)
    joined = true
    lastContact = Date.now()
    log.info({ group: groupId, generation: generationId, partitions }, 'joined the group')
    options.onAssignment(partitions)
  }

  const lead = (members: readonly { memberId: string; memberMetadata: Buffer }[]) => {
    const known = members.map((member) => ({ memberId: member.memberId, ...decodeSubscription(member.memberMetadata) }))
    const plan = assignPartitions(known, options.partitions)
    return known.map((member) => ({
      memberId: member.memberId,
      memberAssignment: encodeAssignment(member.topics, plan.get(member.memberId) ?? []),
    }))
  }

  /** Until the group rebalances. @throws on everything else */
  const beat = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await pause(options.heartbeatMs, AbortSignal.any([stop.signal, wake.signal]))
      wake = new AbortController()
      if (stop.signal.aborted) return
      const broker = await findCoordinator()
      try {
        await broker.heartbeat({ groupId, groupGenerationId: generationId, memberId })
        lastContact = Date.now()
      } catch (error) {
        if (errorType(error) !== 'REBALANCE_IN_PROGRESS') throw error
        lastContact = Date.now()
        log.info({ group: groupId, generation: generationId }, 'the group is rebalancing')
        return
      }
    }
  }

  const run = async (first: () => void): Promise<void> => {
    let failures = 0
    while (!stop.signal.aborted) {
      try {
        if (!joined) await join()
        first()
        failures = 0
        await beat()
        joined = false
      } catch (error) {
        if (stop.signal.aborted) return
        const type = errorType(error)
        coordinator = undefined
        if (EXPELLED.has(type ?? '')) {
          log.warn({ group: groupId, reason: type }, 'the group has gone on without us; joining anew')
          memberId = ''
          joined = false
          options.onExpelled()
          continue
        }
        if (type === 'REBALANCE_IN_PROGRESS') {
          joined = false
          continue
        }
        if (isHopeless(error)) throw asFatal(`joining group ${groupId}`, error)
        if (isConnectionError(error)) link.drop()
        else if (!isStaleCoordinator(error)) {
          link.forgetLeaders()
          joined = false
        }
        if (failures++ === 3)
          log.warn({ err: error, group: groupId }, `staying in group ${groupId}: ${describeError(error)}; still trying`)
        await pause(backoffMs(failures), stop.signal)
      }
    }
  }

  return {
    start: () =>
      new Promise((resolve, reject) => {
        running = run(resolve).then(resolve, (error: unknown) => {
          const failure = error instanceof Error ? error : new Error(String(error))
          reject(failure)
          options.onFailure(failure)
        })
      }),
    leave: async () => {
      const broker = coordinator
      const id = memberId
      stop.abort()
      if (broker !== undefined && id !== '')
        await Promise.race([broker.leaveGroup({ groupId, memberId: id }), pause(3_000)]).catch(() => undefined)
      // A join that is waiting for others ends when its connection does.
      await link.close()
      await Promise.race([running, pause(2_000)])
    },
    verify: () => wake.abort(),
    lastContact: () => lastContact,
    commit: async (offsets) => {
      if (!joined || coordinator === undefined || offsets.size === 0) return
      await coordinator
        .offsetCommit({
          groupId,
          groupGenerationId: generationId,
          memberId,
          topics: [...offsets].map(([topic, byPartition]) => ({
            topic,
            partitions: [...byPartition].map(([partition, offset]) => ({ partition, offset: String(offset) })),
          })),
        })
        .catch(() => undefined)
    },
  }
}
