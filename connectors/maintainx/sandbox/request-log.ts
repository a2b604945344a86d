export interface RequestLog {
  /** Requests since the start or the last `clear()`. */
  readonly count: number
  /** The last 10,000; path with query; status 0 = the connection was cut. */
  readonly list: readonly { readonly method: string; readonly path: string; readonly status: number }[]
  clear(): void
}

const REQUESTS_KEPT = 10_000

export function createRequestLog() {
  let count = 0
  let list: { method: string; path: string; status: number }[] = []
  return {
    get count() {
      return count
    },
    get list() {
      return list
    },
    clear() {
      count = 0
      list = []
    },
    add(method: string, path: string, status: number) {
      count++
      list.push({ method, path, status })
      if (list.length > REQUESTS_KEPT) list.shift()
    },
  }
}
