import type { Json } from '../../core/index.ts'

/** One request of a changeset; `path` relative to the service, percent-encoded. */
export interface BatchRequest {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'MERGE' | 'DELETE'
  readonly path: string
  readonly body: Json
  readonly ifMatch?: string
}

/** A read, or changes that are made together or not at all. */
export type BatchPart =
  | { readonly get: string; readonly query?: { readonly [option: string]: string } }
  | { readonly changes: readonly BatchRequest[] }

export interface PartAnswer {
  readonly status: number
  readonly headers: { readonly [name: string]: string }
  readonly body: string
}

/** For a read its answer; for a changeset the answers in order, or the one that says why none was made. */
export type BatchAnswer =
  | { readonly kind: 'read'; readonly answer: PartAnswer }
  | { readonly kind: 'done'; readonly answers: readonly PartAnswer[] }
  | { readonly kind: 'refused'; readonly answer: PartAnswer }
