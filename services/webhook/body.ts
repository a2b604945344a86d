import type { IncomingMessage } from 'node:http'

/** Bytes of bodies that are being read, by all requests together. */
export interface Reading {
  bytes: number
}

export type ReadBody = Buffer | 'too-large' | 'overload' | 'aborted'

/** The bytes of a request's body as they come. `too-large` and `overload` leave the rest unread. */
export function readBody(
  request: IncomingMessage,
  limit: number,
  reading: Reading,
  mostReading: number,
): Promise<ReadBody> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    const end = (result: ReadBody): void => {
      request.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose)
      reading.bytes -= size
      resolve(result)
    }
    const onData = (chunk: Buffer): void => {
      size += chunk.length
      reading.bytes += chunk.length
      if (size > limit) end('too-large')
      else if (reading.bytes > mostReading) end('overload')
      else chunks.push(chunk)
    }
    const onEnd = (): void => end(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size))
    const onClose = (): void => end('aborted')
    request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose)
  })
}
