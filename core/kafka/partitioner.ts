const SEED = 0x9747b28c
const M = 0x5bd1e995

/** Kafka's murmur2 of `data[0..length)`, as a signed 32-bit integer. */
export function murmur2(data: Buffer, length: number = data.length): number {
  let h = SEED ^ length
  const whole = length & ~3
  for (let i = 0; i < whole; i += 4) {
    let k =
      (data[i] as number) |
      ((data[i + 1] as number) << 8) |
      ((data[i + 2] as number) << 16) |
      ((data[i + 3] as number) << 24)
    k = Math.imul(k, M)
    k ^= k >>> 24
    h = Math.imul(h, M) ^ Math.imul(k, M)
  }
  const rest = length - whole
  if (rest === 3) h ^= (data[whole + 2] as number) << 16
  if (rest >= 2) h ^= (data[whole + 1] as number) << 8
  if (rest >= 1) {
    h ^= data[whole] as number
    h = Math.imul(h, M)
  }
  h ^= h >>> 13
  h = Math.imul(h, M)
  return h ^ (h >>> 15)
}

let scratch = Buffer.allocUnsafeSlow(1024)

/** The partition the Java client gives this key: `(murmur2(utf8 bytes) & 0x7fffffff) % partitions`. */
export function partitionFor(key: string | Buffer, partitions: number): number {
  if (typeof key !== 'string') return (murmur2(key) & 0x7fffffff) % partitions
  if (key.length * 3 > scratch.length) scratch = Buffer.allocUnsafeSlow(key.length * 3)
  return (murmur2(scratch, scratch.write(key, 0, 'utf8')) & 0x7fffffff) % partitions
}
