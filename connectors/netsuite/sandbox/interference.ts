import { tooManyRequests, unexpectedError } from './errors.ts'
import type { Switches } from './faults.ts'
import { type Answer, htmlPage, isSafe, type Request } from './http.ts'

/** What the switches do to a request on its way in and out. */
export interface Interference {
  /** An answer in place of the real one, `cut` = the connection breaks, `hang` = none comes, null = let it through. */
  before(request: Request): Answer | 'cut' | 'hang' | null
  after(request: Request, answer: Answer): Answer | 'cut'
  /** How long the answer takes, ms. */
  delay(request: Request): number
}

const QUERY_PATH = '/services/rest/query/v1/suiteql'

export function createInterference(switches: Switches): Interference {
  let requests = 0

  function slowPage(request: Request): Answer | 'hang' | null {
    if (switches.slowPagesAbove <= 0 || request.path !== QUERY_PATH) return null
    const limit = Number(new URLSearchParams(request.query).get('limit') ?? 1000)
    if (limit <= switches.slowPagesAbove) return null
    if (switches.slowPageEnds === 'hang') return 'hang'
    if (switches.slowPageEnds === '500') return unexpectedError(requests, switches.errorLinks)
    return htmlPage(504, 'Gateway Timeout', 'The gateway did not receive an answer in time.')
  }

  return {
    before(request) {
      requests++
      if (switches.maintenance) return maintenancePage()
      if (isWrite(request) && countedDown(switches, 'cutBefore')) return 'cut'
      if (switches.throttleEvery > 0 && requests % switches.throttleEvery === 0) {
        return tooManyRequests(switches.tooManyForm, switches.errorLinks)
      }
      if (switches.failEvery > 0 && requests % switches.failEvery === 0) {
        return unexpectedError(requests, switches.errorLinks)
      }
      return slowPage(request)
    },
    after(request, answer) {
      if (isWrite(request) && answer.status < 400) {
        if (countedDown(switches, 'cutAfter')) return 'cut'
        if (countedDown(switches, 'failAfter')) return unexpectedError(requests, switches.errorLinks)
      }
      if (answer.status === 200 && answer.body.includes('"items":[') && switches.truncateJson > 0) {
        switches.truncateJson--
        return { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length * 0.6)) }
      }
      return answer
    },
    delay: (request) => switches.slowMs + (isWrite(request) ? switches.slowWritesMs : 0),
  }
}

/** Of the record services: a query is no write. */
export function isWrite(request: Request): boolean {
  return !isSafe(request.method) && request.path.startsWith('/services/rest/record/')
}

export function maintenancePage(): Answer {
  const text = 'NetSuite is currently undergoing scheduled maintenance. We will be back as soon as possible.'
  return htmlPage(503, 'NetSuite - Scheduled Maintenance', text)
}

/** True for the one write that brings the counter to zero. */
function countedDown(switches: Switches, name: 'cutBefore' | 'cutAfter' | 'failAfter'): boolean {
  if (switches[name] <= 0) return false
  switches[name]--
  return switches[name] === 0
}
