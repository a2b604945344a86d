/** Cuts the byte stream of a connection into answers, each in a buffer of its own that is written once. */
export interface Inbox {
  /** Where the next bytes may be read to. */
  space(): Buffer
  /** `count` bytes were read into `space()`. */
  filled(count: number): void
  /** Bytes that were read elsewhere. */
  feed(chunk: Buffer): void
}

const SCRATCH_BYTES = 64 * 1024
const SIZE_BYTES = 4

/** No answer is larger: fetches are asked for in megabytes. A TLS alert, read as a size, is 336 MiB. */
const MAX_ANSWER_BYTES = 256 * 1024 * 1024

/**
 * @param deliver gets an answer without its size; the buffer is nobody else's
 * @param refuse called when the stream cannot be Kafka's; what follows is dropped
 */
export function createInbox(deliver: (answer: Buffer) => void, refuse: (error: Error) => void): Inbox {
  const scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES)
  /** The first bytes of a size, when a read ended within it. */
  const size = Buffer.alloc(SIZE_BYTES)
  let sizeFilled = 0
  let answer: Buffer | undefined
  let answerFilled = 0

  const advance = (count: number): void => {
    answerFilled += count
    if (answer === undefined || answerFilled < answer.length) return
    const whole = answer
    answer = undefined
    answerFilled = 0
    deliver(whole)
  }

  const feed = (chunk: Buffer): void => {
    let at = 0
    while (at < chunk.length) {
      if (answer === undefined) {
        const part = Math.min(SIZE_BYTES - sizeFilled, chunk.length - at)
        chunk.copy(size, sizeFilled, at, at + part)
        sizeFilled += part
        at += part
        if (sizeFilled < SIZE_BYTES) return
        sizeFilled = 0
        const length = size.readInt32BE(0)
        if (length < 0 || length > MAX_ANSWER_BYTES)
          return refuse(
            Object.assign(new Error("the answer is not Kafka's: is this the right port, and does it want TLS?"), {
              code: 'ERR_NOT_KAFKA',
            }),
          )
        answer = Buffer.allocUnsafeSlow(length)
      } else {
        const part = Math.min(answer.length - answerFilled, chunk.length - at)
        chunk.copy(answer, answerFilled, at, at + part)
        at += part
        advance(part)
      }
    }
  }

  return {
    space: () => (answer === undefined ? scratch : answer.subarray(answerFilled)),
    filled: (count) => {
      if (answer === undefined) feed(scratch.subarray(0, count))
      else advance(count)
    },
    feed,
  }
}
