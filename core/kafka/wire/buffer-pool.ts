const GRAIN = 256 * 1024
const KEEP_BYTES = 32 * 1024 * 1024

/** Large buffers for requests, used again instead of allocated (and page-faulted) anew. */
export interface BufferPool {
  /** At least this long; contents are arbitrary. */
  take(size: number): Buffer
  /** Only when nobody reads it any more: the answer to the request has come. */
  give(buffer: Buffer): void
}

export function createBufferPool(): BufferPool {
  const free: Buffer[] = []
  let kept = 0
  return {
    take: (size) => {
      const found = free.findIndex((buffer) => buffer.length >= size && buffer.length <= size * 4 + GRAIN)
      if (found >= 0) {
        const [buffer] = free.splice(found, 1) as [Buffer]
        kept -= buffer.length
        return buffer
      }
      return Buffer.allocUnsafeSlow(Math.ceil(size / GRAIN) * GRAIN)
    },
    give: (buffer) => {
      if (kept + buffer.length > KEEP_BYTES) return
      free.push(buffer)
      kept += buffer.length
    },
  }
}
