import { type Address, parseAddress } from './address.ts'
import type { Auth, Caller } from './auth.ts'
import { type BatchRequest, type BatchResponse, handleBatch } from './batch.ts'
import type { Csrf } from './csrf.ts'
import { errorAnswer } from './error-answer.ts'
import { badRequest, SapError } from './errors.ts'
import type { Switches } from './faults.ts'
import { type Answer, htmlPage, isSafe, type Request, wantsJson } from './http.ts'
import type { Model } from './model.ts'
import { decodePart, parseQuery } from './query/options.ts'
import { readResource } from './read.ts'
import { metadataAnswer, serviceDocument } from './service-document.ts'
import type { Store } from './store.ts'
import { type Display, serviceRoot } from './values.ts'
import { bodyOf, methodNotAllowed, writeTargetOf } from './write-target.ts'
import { writtenAnswer } from './written.ts'
import { handleWrite } from './writes/handle-write.ts'

export interface GatewayOptions {
  readonly store: Store
  readonly models: readonly Model[]
  readonly switches: Switches
  readonly auth: Auth
  readonly csrf: Csrf
  readonly now: () => number
  readonly timeZone: string
}

/** Answers one request, whatever happens: refusals are answers, and so are defects (500). */
export type Gateway = (request: Request) => Answer

const ROOT = '/sap/opu/odata/sap/'

/** What all parts of one call share. */
interface Call {
  readonly model: Model
  readonly caller: Caller
  readonly language: string
  readonly origin: string
}

export function createGateway(options: GatewayOptions): Gateway {
  const { store, switches, auth, csrf, now } = options
  const models = new Map(options.models.map((model) => [model.service, model]))

  function answer(request: Request): Answer {
    if (request.path === '/sap/bc/sec/oauth2/token') return auth.token(request)
    if (!request.path.startsWith(ROOT)) return htmlPage(404, 'Not Found', 'The resource does not exist')
    const loose = new URLSearchParams(request.query)
    const caller = auth.authenticate(request, loose.get('sap-client') ?? request.headers['sap-client'])
    if ('status' in caller) return caller

    const language = languageOf(loose.get('sap-language') ?? request.headers['sap-language'], request, switches)
    const origin = `http://${request.headers['host'] ?? 'localhost'}`
    const [segment = ''] = request.path.slice(ROOT.length).split('/')
    const [service = ''] = segment.split(';')
    // a token is handed out even when the request itself is refused
    const token = csrf.fetch(request, caller.user.name, service)
    let model: Model | null = null
    let done: Answer
    try {
      model = serviceOf(segment, caller)
      const needsToken = caller.by === 'basic' || switches.bearerNeedsCsrf
      const call: Call = { model, caller, language, origin }
      done =
        (needsToken ? csrf.check(request, caller.user.name, service) : null) ??
        route(request, request.path.slice(ROOT.length + segment.length + 1), call)
    } catch (error) {
      done = refused(error, request, model, language)
    }
    return { ...done, headers: { ...done.headers, ...token } }
  }

  /** @throws SapError 403 when the service is unknown, not activated, asked for in another version, or not allowed */
  function serviceOf(segment: string, caller: Caller): Model {
    const [name = '', ...parameters] = decodePart(segment).split(';')
    const wanted = parameters.find((it) => it.startsWith('v='))?.slice(2) ?? '1'
    const model = models.get(name)
    if (model === undefined || Number(wanted) !== Number(model.version) || switches.deactivated.has(name)) {
      throw new SapError({
        status: switches.inactiveStatus,
        code: '/IWFND/MED/170',
        message: `No service found for namespace '', name '${name}', version '${wanted.padStart(4, '0')}'`,
      })
    }
    if (caller.user.deniedServices?.includes(name) === true) {
      throw new SapError({
        status: 403,
        code: '/IWFND/CM_CONSUMER/101',
        message: `No authorization to access Service '${name}'`,
      })
    }
    return model
  }

  /** A request whose caller and service are known. `path`: below the service root. @throws SapError */
  function route(request: Request, path: string, call: Call): Answer {
    const query = parseQuery(request.query)
    const address = parseAddress(path, call.model, query)
    const format = query.values.get('$format')
    const json = wantsJson(request.headers['accept'], format)
    const display: Display = {
      origin: switches.foreignNextHost ?? call.origin,
      padKeys: switches.padKeys,
      decimalPadding: switches.decimalPadding,
      language: call.language,
    }
    if (address.kind === 'batch') return batch(request, call)
    if (address.kind === 'function' || !isSafe(request.method)) return write(request, address, call, display, json)
    if (request.method === 'OPTIONS') throw methodNotAllowed(request.method)
    if (address.kind === 'metadata') return metadataAnswer(call.model)
    if (format !== undefined && !['json', 'xml', 'atom'].includes(format)) {
      throw badRequest('/IWBEP/CM_MGW_RT/177', `Invalid value '${format}' for $format`)
    }
    if (address.kind === 'service') return serviceDocument(call.model, display.origin, json)
    return readResource(address, { store, switches, display, json, query, path: request.path })
  }

  function write(request: Request, address: Address, call: Call, display: Display, json: boolean): Answer {
    const override = request.headers['x-http-method']?.toUpperCase()
    const method = request.method === 'POST' && override !== undefined ? override : request.method
    const done = handleWrite({
      store,
      model: call.model,
      target: writeTargetOf(address, method, store),
      method,
      headers: request.headers,
      body: bodyOf(request),
      user: call.caller.user.name,
      now: now(),
      timeZone: options.timeZone,
      language: call.language,
      switches,
    })
    return writtenAnswer(done, display, json, switches)
  }

  function batch(request: Request, call: Call): Answer {
    if (request.method !== 'POST') throw methodNotAllowed(request.method)
    const dispatch = (part: BatchRequest): BatchResponse => {
      const inner = partOf(part, request, call.model)
      let done: Answer
      try {
        done = route(inner, inner.path.slice(serviceRoot(call.model).length + 1), call)
      } catch (error) {
        done = refused(error, inner, call.model, call.language)
      }
      const headers: Record<string, string> = {}
      for (const [name, value] of Object.entries(done.headers)) headers[name] = String(value)
      return { status: done.status, headers, body: done.body }
    }
    const contentType = request.headers['content-type'] ?? ''
    return handleBatch({ store, contentType, body: request.body.toString('utf8'), dispatch })
  }

  function refused(error: unknown, request: Request, model: Model | null, language: string): Answer {
    return errorAnswer(error, request, { model, language, xmlErrors: switches.xmlErrors, now: now() })
  }

  return answer
}

/** A part of a batch as a request of its own: relative to the service root, with the outer request's host. */
function partOf(part: BatchRequest, outer: Request, model: Model): Request {
  const bare = part.url.replace(/^https?:\/\/[^/]+/, '')
  const [path = '', ...query] = bare.split('?')
  const below = path.startsWith(ROOT) ? path.slice(ROOT.length).replace(/^[^/]*\/?/, '') : path.replace(/^\//, '')
  return {
    method: part.method,
    path: `${serviceRoot(model)}/${below}`,
    query: query.join('?'),
    headers: { ...part.headers, host: outer.headers['host'] },
    body: Buffer.from(part.body, 'utf8'),
  }
}

function languageOf(wanted: string | undefined, request: Request, switches: Switches): string {
  const accepted = /^[a-z]{2}\b/i.exec(request.headers['accept-language'] ?? '')?.[0]
  return (wanted ?? accepted ?? switches.statusLanguage).slice(0, 2).toUpperCase()
}
