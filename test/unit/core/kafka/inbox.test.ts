import { expect, test } from 'vitest'
import { createInbox } from '../../../../core/kafka/wire/inbox.ts'

const frame = (length: number, fill: number): Buffer => {
  const bytes = Buffer.alloc(4 + length, fill)
  bytes.writeInt32BE(length, 0)
  return bytes
}

const frames = [frame(10, 1), frame(0, 2), frame(200_000, 3), frame(1, 4), frame(70_000, 5), frame(3, 6)]
const refuse = (error: Error): void => {
  throw error
}
const stream = Buffer.concat(frames)

const hexOf = (answers: readonly Buffer[]): string[] => answers.map((answer) => answer.toString('hex'))
const wanted = hexOf(frames.map((one) => one.subarray(4)))

test('answers come out whole however the stream is cut', () => {
  for (const step of [1, 3, 7, 4_096, 65_536, stream.length]) {
    const answers: Buffer[] = []
    const inbox = createInbox((answer) => answers.push(answer), refuse)
    for (let at = 0; at < stream.length; at += step) inbox.feed(stream.subarray(at, at + step))
    expect(hexOf(answers)).toEqual(wanted)
  }
})

test('bytes read straight into the space offered make the same answers', () => {
  for (const most of [1, 5, 1_000, 65_536, 1_000_000]) {
    const answers: Buffer[] = []
    const inbox = createInbox((answer) => answers.push(answer), refuse)
    for (let at = 0; at < stream.length; ) {
      const count = stream.copy(inbox.space(), 0, at, Math.min(stream.length, at + most))
      inbox.filled(count)
      at += count
    }
    expect(hexOf(answers)).toEqual(wanted)
  }
})

test('each answer has memory of its own', () => {
  const answers: Buffer[] = []
  const inbox = createInbox((answer) => answers.push(answer), refuse)
  inbox.feed(Buffer.concat([frame(8, 1), frame(8, 2)]))
  inbox.feed(frame(8, 3))
  expect(new Set(answers.map((answer) => answer.buffer)).size).toBe(3)
})

test('what cannot be Kafka is refused instead of waited for', () => {
  for (const start of ['HTTP/1.1 400 Bad Request', '\x80\x00\x00\x00']) {
    const errors: Error[] = []
    createInbox(
      () => undefined,
      (error) => errors.push(error),
    ).feed(Buffer.from(start, 'latin1'))
    expect(errors.map((error) => error.message)).toEqual([expect.stringContaining('right port')])
  }
})
