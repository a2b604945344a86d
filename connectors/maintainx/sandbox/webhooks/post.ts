import { Agent as PlainAgent, request as plain } from 'node:http'
import { Agent as SecureAgent, request as secure } from 'node:https'

export interface Poster {
  /** @returns the status of the answer; 0 = there was none in time. Redirects are not followed. */
  post(url: string, headers: Readonly<Record<string, string>>, body: string, timeoutMs: number): Promise<number>
  /** What is under way gets no answer any more. */
  close(): void
}

export function createPoster(): Poster {
  const [plainAgent, secureAgent] = [new PlainAgent({ keepAlive: true }), new SecureAgent({ keepAlive: true })]
  return {
    post: (url, headers, body, timeoutMs) =>
      new Promise((resolve) => {
        const isSecure = url.startsWith('https:')
        const options = {
          method: 'POST',
          agent: isSecure ? secureAgent : plainAgent,
          headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers },
        }
        const sent = (isSecure ? secure : plain)(url, options, (response) => {
          response.resume()
          response.once('end', () => end(response.statusCode ?? 0))
        })
        const timer = setTimeout(() => sent.destroy(), timeoutMs)
        const end = (status: number): void => {
          clearTimeout(timer)
          resolve(status)
        }
        sent.once('error', () => end(0))
        sent.once('close', () => end(0))
        sent.end(body)
      }),
    close() {
      plainAgent.destroy()
      secureAgent.destroy()
    },
  }
}
