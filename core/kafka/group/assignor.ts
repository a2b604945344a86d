import kafkajs from 'kafkajs'

const { MemberMetadata, MemberAssignment } = kafkajs.AssignerProtocol

/** All members of a group must name the same one. */
export const PROTOCOL = 'tributary-copartitioned-sticky-1'

export interface Member {
  readonly memberId: string
  /** Partitions it owns at present, as it says. */
  readonly owned: readonly number[]
}

/**
 * Who gets which partitions: counts differ by one at most, everyone keeps what they own as far as that allows, and the
 * same members give the same answer. A partition number stands for that partition of every topic (co-partitioning).
 */
export function assignPartitions(members: readonly Member[], partitions: number): Map<string, number[]> {
  const order = [...members].sort((a, b) => (a.memberId < b.memberId ? -1 : 1))
  const owner: (string | undefined)[] = []
  const claims = new Map<string, number[]>()
  for (const { memberId, owned } of order) {
    const mine = [...new Set(owned)]
      .filter((p) => p >= 0 && p < partitions && owner[p] === undefined)
      .sort((a, b) => a - b)
    for (const p of mine) owner[p] = memberId
    claims.set(memberId, mine)
  }
  const share = Math.floor(partitions / order.length)
  const extra = partitions % order.length
  const claimed = (member: Member): number => (claims.get(member.memberId) as number[]).length
  const byClaims = [...order].sort((a, b) => claimed(b) - claimed(a))
  const quota = new Map(byClaims.map((member, i) => [member.memberId, share + (i < extra ? 1 : 0)]))
  const result = new Map(
    order.map(({ memberId }) => [memberId, (claims.get(memberId) as number[]).slice(0, quota.get(memberId))]),
  )
  const taken = new Set([...result.values()].flat())
  let next = 0
  for (const { memberId } of order) {
    const mine = result.get(memberId) as number[]
    for (; mine.length < (quota.get(memberId) as number); next++) if (!taken.has(next)) mine.push(next)
    mine.sort((a, b) => a - b)
  }
  return result
}

/** Subscription as every Kafka tool reads it; what we own is in its user data. */
export function encodeSubscription(topics: readonly string[], owned: readonly number[]): Buffer {
  const userData = Buffer.alloc(4 * owned.length)
  owned.forEach((partition, i) => userData.writeInt32BE(partition, 4 * i))
  return MemberMetadata.encode({ version: 0, topics: [...topics], userData })
}

export function decodeSubscription(metadata: Buffer): { topics: string[]; owned: number[] } {
  const decoded = MemberMetadata.decode(metadata)
  const owned: number[] = []
  const userData = decoded?.userData ?? Buffer.alloc(0)
  for (let at = 0; at + 4 <= userData.length; at += 4) owned.push(userData.readInt32BE(at))
  return { topics: decoded?.topics ?? [], owned }
}

export function encodeAssignment(topics: readonly string[], partitions: readonly number[]): Buffer {
  const assignment = Object.fromEntries(topics.map((topic) => [topic, [...partitions]]))
  return MemberAssignment.encode({ version: 0, assignment, userData: Buffer.alloc(0) })
}

export function decodeAssignment(bytes: Buffer): number[] {
  if (bytes.length === 0) return []
  const decoded = MemberAssignment.decode(bytes)
  const all = new Set<number>()
  for (const partitions of Object.values(decoded?.assignment ?? {})) for (const p of partitions) all.add(p)
  return [...all].sort((a, b) => a - b)
}
