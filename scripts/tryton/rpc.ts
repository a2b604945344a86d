/**
 * A small JSON-RPC client for Tryton's server, for scripts that play the user of the ERP. It shares no code with the
 * connector on purpose: two readings of one wire format catch each other's errors.
 */
import { setTimeout as delay } from 'node:timers/promises'

export interface TrytonAddress {
  /** Root of the server. */
  readonly url: string
  readonly database: string
  readonly user: string
  readonly password: string
}

export type Values = { readonly [field: string]: unknown }

export interface TrytonRpc {
  /** `model.<model>.<method>` with the context appended. @throws Error with Tryton's words */
  call<Result = unknown>(model: string, method: string, ...params: readonly unknown[]): Promise<Result>
  /** Creates in slices of `slice`; ids in the order of the values. */
  create(model: string, values: readonly Values[], slice?: number): Promise<number[]>
  search(model: string, domain: readonly unknown[]): Promise<number[]>
  searchRead<Row = { id: number; [field: string]: unknown }>(
    model: string,
    domain: readonly unknown[],
    fields: readonly string[],
    limit?: number,
  ): Promise<Row[]>
  wizard(name: string, steps: readonly (readonly [state: string, values: Values])[]): Promise<void>
  /** Added to every call from now on, e.g. `{ company: 1 }`. */
  setContext(context: Values): void
}

/**
 * While trytond loads the models of another database, its shared field objects are unnamed for a moment and calls of others
 * end with a bare AssertionError (seen on 6.0.29). The transaction was rolled back, so the call may be repeated.
 */
const isPoolRace = (error: readonly unknown[] | undefined): boolean =>
  error?.length === 2 && error.every((part) => part === '')

/** Logs in. */
export async function connectTryton(address: TrytonAddress): Promise<TrytonRpc> {
  const endpoint = `${address.url.replace(/\/$/, '')}/${address.database}/`
  let context: Values = { active_test: false }
  let authorization: string | null = null

  async function rpc(method: string, params: readonly unknown[], tries = 0): Promise<unknown> {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization === null ? {} : { authorization }) },
      body: JSON.stringify({ id: 1, method, params }),
    })
    const body = await response.text()
    if (response.status === 401 && authorization !== null) {
      await logIn()
      return rpc(method, params)
    }
    if (!response.ok) throw new Error(`${method}: HTTP ${response.status} ${body.slice(0, 200)}`)
    const answer = JSON.parse(body) as { result?: unknown; error?: unknown[] }
    if (isPoolRace(answer.error) && tries < 5) {
      await delay(200 * (tries + 1))
      return rpc(method, params, tries + 1)
    }
    if (answer.error !== undefined) throw new Error(`${method}: ${JSON.stringify(answer.error).slice(0, 1500)}`)
    return answer.result
  }

  async function logIn(): Promise<void> {
    authorization = null
    const [id, session] = (await rpc('common.db.login', [address.user, { password: address.password }])) as [
      number,
      string,
    ]
    authorization = `Session ${Buffer.from(`${address.user}:${id}:${session}`).toString('base64')}`
  }
  await logIn()

  const call = async <Result>(model: string, method: string, ...params: readonly unknown[]): Promise<Result> =>
    (await rpc(`model.${model}.${method}`, [...params, context])) as Result

  return {
    call,
    async create(model, values, slice = 200) {
      const ids: number[] = []
      for (let at = 0; at < values.length; at += slice)
        ids.push(...(await call<number[]>(model, 'create', values.slice(at, at + slice))))
      return ids
    },
    search: (model, domain) => call<number[]>(model, 'search', domain, 0, null, [['id', 'ASC']]),
    searchRead: <Row>(model: string, domain: readonly unknown[], fields: readonly string[], limit?: number) =>
      call<Row[]>(model, 'search_read', domain, 0, limit ?? null, [['id', 'ASC']], fields),
    async wizard(name, steps) {
      const [session] = (await rpc(`wizard.${name}.create`, [context])) as [number]
      let data: Values = {}
      for (const [state, values] of steps) {
        data = { ...data, ...values }
        await rpc(`wizard.${name}.execute`, [session, data, state, context])
      }
      await rpc(`wizard.${name}.delete`, [session, context])
    },
    setContext(more) {
      context = { ...context, ...more }
    },
  }
}

export const decimal = (text: string | number) => ({ __class__: 'Decimal', decimal: String(text) })

export const dateOf = (at: Date) => ({
  __class__: 'date',
  year: at.getUTCFullYear(),
  month: at.getUTCMonth() + 1,
  day: at.getUTCDate(),
})

export const daysLong = (days: number) => ({ __class__: 'timedelta', seconds: days * 86_400 })
