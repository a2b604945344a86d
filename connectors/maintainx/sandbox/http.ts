import type { Problem } from './description/index.ts'

export interface Request {
  readonly method: string
  /** `http://127.0.0.1:8493`: as the caller wrote it (Host header). */
  readonly origin: string
  /** Undecoded, with the leading slash, without the query. */
  readonly path: string
  /** Undecoded, without `?`. */
  readonly query: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Buffer
}

export interface Answer {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What a request is refused with; thrown by whoever notices. */
export class Refusal extends Error {
  readonly status: number
  readonly problems: readonly Problem[]
  constructor(status: number, problems: string | readonly Problem[]) {
    const list = typeof problems === 'string' ? [{ error: problems }] : problems
    super(list.map(({ error }) => error).join('; '))
    this.status = status
    this.problems = list
  }
}

export const invalid = (fieldPath: string, error: string, fieldValue?: string | number | boolean): Refusal =>
  new Refusal(400, [{ error, fieldPath, ...(fieldValue === undefined ? {} : { fieldValue }) }])

export const missing = (name: string): Refusal => new Refusal(404, `${name} not found`)

export function json(status: number, body: unknown, headers: Answer['headers'] = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  }
}

export const noContent = (): Answer => ({ status: 204, headers: {}, body: '' })

/** @param asList the form of writes, `{"errors":[…]}`; reads and what is not found have `{"error":…}` */
export function refusalAnswer({ status, problems }: Pick<Refusal, 'status' | 'problems'>, asList: boolean): Answer {
  return json(status, asList ? { errors: problems } : { error: problems.map(({ error }) => error).join('; ') })
}
