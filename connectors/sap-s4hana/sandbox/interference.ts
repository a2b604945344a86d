import { errorAnswer } from './error-answer.ts'
import { SapError } from './errors.ts'
import type { Switches } from './faults.ts'
import { type Answer, htmlPage, isSafe, JSON_TYPE, type Request } from './http.ts'

/** What the switches do to a request on its way in and out. */
export interface Interference {
  /** An answer in place of the real one, `cut` = the connection breaks, null = let it through. */
  before(request: Request): Answer | 'cut' | null
  after(request: Request, answer: Answer): Answer | 'cut'
}

export function createInterference(switches: Switches, now: () => number): Interference {
  let requests = 0

  function throttled(): Answer | null {
    const rule = switches.throttleEvery
    if (rule === null || rule.every <= 0 || requests % rule.every !== 0) return null
    const title = rule.status === 429 ? 'Too Many Requests' : 'Service Unavailable'
    const headers: Record<string, string> = rule.retryAfter === null ? {} : { 'retry-after': rule.retryAfter }
    return htmlPage(rule.status, title, 'The system is overloaded. Try again later.', headers)
  }

  return {
    before(request) {
      requests++
      const isToken = request.path === '/sap/bc/sec/oauth2/token'
      if (isWrite(request) && countedDown(switches, 'cutBefore')) return 'cut'
      const refusal = throttled()
      if (refusal !== null) return refusal
      if (switches.failEvery > 0 && requests % switches.failEvery === 0) {
        const dump = new SapError({ status: 500, code: '/IWFND/CM_BEC/026', message: 'An exception was raised' })
        return errorAnswer(dump, request, { model: null, language: 'EN', xmlErrors: switches.xmlErrors, now: now() })
      }
      if (switches.htmlLogin && !isToken) return htmlPage(200, 'Logon', '<form><input name="sap-user"></form>')
      return null
    },
    after(request, answer) {
      if (isWrite(request) && answer.status < 400 && countedDown(switches, 'cutAfter')) return 'cut'
      const isList = answer.headers['content-type'] === JSON_TYPE && answer.body.includes('"results":[')
      if (request.method === 'GET' && isList && switches.truncateJson > 0) {
        switches.truncateJson--
        return { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length * 0.6)) }
      }
      return answer
    },
  }
}

function isWrite(request: Request): boolean {
  return !isSafe(request.method) && request.path.startsWith('/sap/opu/')
}

/** True for the one write that brings the counter to zero. */
function countedDown(switches: Switches, name: 'cutBefore' | 'cutAfter'): boolean {
  if (switches[name] <= 0) return false
  switches[name]--
  return switches[name] === 0
}
