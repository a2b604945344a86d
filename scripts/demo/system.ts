import type { Addresses, OptionalPart } from '../stack/addresses.ts'
import type { SystemFacts } from './facts.ts'

/** A system that `npm start` can run on this machine: one file here for each, and one line in systems.ts. */
export interface DemoSystem {
  /** Id of its connector; what `--erp` takes. */
  readonly id: string
  readonly title: string
  /** Id of its connection in the demo. */
  readonly connectionId: string
  /** Parts of the stack that it needs beyond the usual ones. */
  readonly parts: readonly OptionalPart[]
  /** Starts it, and fills it when it was never filled to the end. */
  open(place: Place): Promise<RunningSystem>
}

export interface Place {
  readonly addresses: Addresses
  /** Folder for its data, kept between starts. */
  readonly dir: string
  /** An earlier start has filled it to the end. */
  readonly filled: boolean
  /** People work in it, from the start or when `work` is called. */
  readonly atWork: boolean
  readonly say: (line: string) => void
}

export interface RunningSystem {
  /** Of the connection, without id and system: what `connections.yaml` may hold; secrets as `${NAME}`. */
  readonly connection: { readonly [field: string]: unknown }
  /** Values of those names. */
  readonly secrets: Readonly<Record<string, string>>
  /** Lines for "where to look": label and text. */
  readonly hints: readonly (readonly [label: string, text: string])[]
  /** What it holds now, asked without Tributary; null = it is not asked. */
  readonly facts: (() => Promise<SystemFacts>) | null
  /** Lets people work in it until the signal aborts, telling what they do; resolves then. */
  work(signal: AbortSignal, onDone: (action: string) => void): Promise<void>
  stop(): Promise<void>
}
