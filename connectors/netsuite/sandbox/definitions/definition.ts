/**
 * The tables as SuiteQL names them. One line per column:
 * `name type[:table it refers to] [!] [@FEATURE] [hidden]`; `!` = never null, `hidden` = kept for the record services only.
 */
export interface Definition {
  readonly key: readonly string[]
  /** The column BUILTIN.DF shows for a reference to this table. */
  readonly display?: string
  readonly feature?: string
  /** SELECT of a table that is seen but not kept. */
  readonly view?: string
  readonly indexes?: readonly string[]
  readonly columns: string
}
