import type { Page, ReadRange } from '../../../core/index.ts'

/** One of several sets that make up a stream. */
export interface Part {
  /** What cursors call it; never changes. */
  readonly name: string
  read(range: ReadRange): AsyncIterable<Page>
}

/** One part after the other; cursors name the part they are in. */
export declare function readInTurn(parts: readonly Part[], range: ReadRange): AsyncGenerator<Page>
