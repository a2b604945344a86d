/** Where the parts of a stack are. */
export interface Addresses {
  /** Broker list for clients, `host:port[,host:port]`. */
  readonly kafka: string
  /** Confluent-compatible API of the schema registry. */
  readonly registry: string
  /** REST API of Kafka Connect. */
  readonly connect: string
  /** Connection string; the login may create databases. */
  readonly postgres: string
  /** Only when it was asked for, and is installed. */
  readonly tryton?: TrytonAccess
  /** How Connect reaches the others, where that differs (Connect in a container). */
  readonly fromConnect?: { readonly registry?: string; readonly postgres?: string }
}

export interface TrytonAccess {
  /** Root of the server; a database's API is at `<url>/<database>/`. */
  readonly url: string
  readonly database: string
  readonly user: string
  readonly password: string
}

export type Part = Exclude<keyof Addresses, 'fromConnect'>
export type OptionalPart = 'tryton'
/** Parts that every stack has. */
export const PARTS: readonly Exclude<Part, OptionalPart>[] = ['kafka', 'registry', 'connect', 'postgres']
