import { AuthError, type HttpClient, type Json, RejectedError } from '../../core/index.ts'
import { createClient, type TrytonClient } from './client.ts'
import type { TrytonConfig } from './config.ts'
import { instant, isRow, type Row, reference, row, text, truth } from './values.ts'

/** What every stream reads with: a logged-in client, the company, and what the user may see. */
export interface TrytonSession {
  readonly config: TrytonConfig
  readonly company: Company
  /**
   * `model.<model>.<method>` with the connection's context appended.
   * @throws AuthError for this stream only, naming the models, when access is what is missing
   */
  call(model: string, method: string, params: readonly Json[], signal: AbortSignal, context?: Row): Promise<Json>
  /**
   * The same for a call that writes: sent once, and refusals of access are told like any other.
   * @throws RejectedError, OutcomeUnknownError, AuthError, RetryableError (known not applied)
   */
  write(model: string, method: string, params: readonly Json[], signal: AbortSignal, context?: Row): Promise<Json>
  /** Which of these models exist and may be read; asked once a session. */
  readable(models: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>>
  /** @throws AuthError for this stream only, naming every model that is missing */
  requireModels(models: readonly string[], signal: AbortSignal): Promise<void>
  /** Tryton's own time, epoch ms. */
  clock(signal: AbortSignal): Promise<number>
  /** Parties already known as suppliers; saves asking for them again (read/suppliers.ts). */
  readonly knownSuppliers: Set<number>
  close(): Promise<void>
}

export interface Company {
  readonly id: number
  /** ISO 4217. */
  readonly currency: string | null
}

/** Logs in, picks the company. @throws AuthError naming what to fix */
export async function openSession(config: TrytonConfig, http: HttpClient, signal: AbortSignal): Promise<TrytonSession> {
  const client = await createClient(config, http, signal)
  const company = await pickCompany(client, config, signal)
  const base: Row = { company: company.id, language: config.language, active_test: false }
  const access = new Map<string, Promise<boolean>>()

  /** One or two requests for all models not asked before. */
  async function readable(models: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>> {
    const unknown = models.filter((model) => !access.has(model))
    if (unknown.length > 0) {
      const answer = askAccess(client, unknown, signal)
      for (const model of unknown) {
        const one = answer.then((open) => open.has(model))
        one.catch(() => access.delete(model))
        access.set(model, one)
      }
    }
    const answers = await Promise.all(models.map((model) => access.get(model) ?? Promise.resolve(false)))
    return new Set(models.filter((_, at) => answers[at] === true))
  }

  async function requireModels(models: readonly string[], signal: AbortSignal): Promise<void> {
    const open = await readable(models, signal)
    const closed = models.filter((model) => !open.has(model))
    if (closed.length === 0) return
    throw new AuthError(
      `Tryton user ${config.username} may not read ${closed.join(', ')}: add the user to a group with read access (or install the module)`,
      { streamOnly: true },
    )
  }

  return {
    config,
    company,
    knownSuppliers: new Set(),
    readable,
    requireModels,
    async call(model, method, params, signal, context = {}) {
      try {
        return await client.call(`model.${model}.${method}`, [...params, { ...base, ...context }], signal)
      } catch (error) {
        // Tryton words a refusal of access like any other: ask whether rights have changed since the session began
        if (error instanceof RejectedError) {
          access.delete(model)
          await requireModels([model], signal)
        }
        throw error
      }
    },
    write: (model, method, params, signal, context = {}) =>
      client.call(`model.${model}.${method}`, [...params, { ...base, ...context }], signal, 'write'),
    async clock(signal) {
      // the default of a timestamp field is the server's now(), in microseconds, open to every user
      const answer = await client.call('model.ir.queue.default_get', [['enqueued_at'], {}], signal).catch(() => null)
      const now = isRow(answer) ? instant(answer['enqueued_at']) : null
      const known = now ?? client.serverDate()
      if (known === null) throw new AuthError('asking Tryton for its time: no answer carries a Date header')
      return known
    },
    close: () => client.logout(),
  }
}

async function askAccess(client: TrytonClient, models: readonly string[], signal: AbortSignal) {
  // asking for the access to a model that is not installed is a fault inside the server
  const found = await client.call(
    'model.ir.model.search_read',
    [[['model', 'in', models]], 0, null, null, ['model'], {}],
    signal,
  )
  const existing = Array.isArray(found) ? found.flatMap((each: Json) => (isRow(each) ? [text(each['model'])] : [])) : []
  const access = await client.call('model.ir.model.access.get_access', [existing, {}], signal)
  const mayRead = (model: string | null): model is string =>
    model !== null && isRow(access) && truth(row(access[model])?.['read']) === true
  return new Set(existing.filter(mayRead))
}

/** The company named in the settings, else the user's current one. */
async function pickCompany(client: TrytonClient, config: TrytonConfig, signal: AbortSignal): Promise<Company> {
  const preferences = await client.call('model.res.user.get_preferences', [false, {}], signal)
  if (!isRow(preferences)) throw new AuthError('reading the preferences of the Tryton user: unexpected answer')
  const companies = Array.isArray(preferences['companies']) ? preferences['companies'] : []
  const id = config.company ?? reference(preferences['company'])
  if (id === null)
    throw new AuthError(
      `Tryton user ${config.username} has no current company: set one in its preferences, or the connection's setting "company"`,
    )
  if (!companies.includes(id))
    throw new AuthError(
      `Tryton user ${config.username} has no access to company ${id} (it has ${companies.join(', ') || 'none'}): add it to the user's companies`,
    )
  const [found] = (await client.call(
    'model.company.company.read',
    [[id], ['currency.code'], { company: id }],
    signal,
  )) as Json[]
  return { id, currency: isRow(found) ? text(row(found['currency.'])?.['code']) : null }
}
