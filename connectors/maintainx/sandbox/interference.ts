import type { Switches } from './faults.ts'
import { type Answer, json, type Request } from './http.ts'

/** What the switches do to a request on its way in and out. */
export interface Interference {
  /** An answer in place of the real one, `cut` = the connection breaks, null = let it through. */
  before(request: Request): Answer | 'cut' | null
  after(request: Request, answer: Answer): Answer | 'cut'
  /** How long the answer takes, ms. */
  delay(request: Request): number
}

export function createInterference(switches: Switches): Interference {
  let requests = 0
  return {
    before(request) {
      requests++
      if (switches.maintenance) return maintenancePage()
      if (isWrite(request) && countedDown(switches, 'cutBefore')) return 'cut'
      if (switches.throttleEvery > 0 && requests % switches.throttleEvery === 0) {
        const reset = String(Math.ceil(switches.rateWindowMs / 1000))
        return json(
          429,
          { error: 'Too Many Requests' },
          { 'x-rate-limit-limit': '100', 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': reset },
        )
      }
      if (switches.failEvery > 0 && requests % switches.failEvery === 0) return internalError()
      return null
    },
    after(request, answer) {
      if (isWrite(request) && answer.status < 400) {
        if (countedDown(switches, 'cutAfter')) return 'cut'
        if (countedDown(switches, 'failAfter')) return internalError()
      }
      if (answer.status === 200 && switches.truncateJson > 0 && answer.body.includes('"nextCursor":')) {
        switches.truncateJson--
        return { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length * 0.6)) }
      }
      return answer
    },
    delay: (request) => switches.slowMs + (isWrite(request) ? switches.slowWritesMs : 0),
  }
}

const isWrite = ({ method }: Request): boolean => method !== 'GET' && method !== 'HEAD'

const internalError = (): Answer => json(500, { error: 'Internal server error' })

function maintenancePage(): Answer {
  const body = '<!DOCTYPE html><html><head><title>503</title></head><body><h1>Service Unavailable</h1></body></html>'
  return { status: 503, headers: { 'content-type': 'text/html; charset=utf-8' }, body }
}

/** True for the one write that brings the counter to zero. */
function countedDown(switches: Switches, name: 'cutBefore' | 'cutAfter' | 'failAfter'): boolean {
  if (switches[name] <= 0) return false
  switches[name]--
  return switches[name] === 0
}
