/** One declaration of settings → parsing, redaction, docs. Connectors declare theirs with `defineConfig`. */

interface FieldBase {
  readonly title: string
  readonly help: string
  readonly required?: boolean
  /** Sealed at rest, shown nowhere. */
  readonly secret?: boolean
}
export interface TextField extends FieldBase {
  readonly kind: 'text' | 'url'
  readonly default?: string
}
export interface NumberField extends FieldBase {
  readonly kind: 'integer' | 'decimal'
  readonly default?: number
  readonly min?: number
  readonly max?: number
}
export interface BooleanField extends FieldBase {
  readonly kind: 'boolean'
  readonly default?: boolean
}
export interface ChoiceField extends FieldBase {
  readonly kind: 'choice'
  readonly options: readonly string[]
  readonly default?: string
}
export interface ListField extends FieldBase {
  readonly kind: 'list'
  readonly default?: readonly string[]
}
export type Field = TextField | NumberField | BooleanField | ChoiceField | ListField
export type Fields = { readonly [name: string]: Field }

type Plain<F extends Field> = F extends ChoiceField
  ? F['options'][number]
  : F extends TextField
    ? string
    : F extends NumberField
      ? number
      : F extends BooleanField
        ? boolean
        : readonly string[]
type Present<F extends Field> = F extends { readonly required: true } | { readonly default: unknown } ? true : false
/** What `parse` gives: absent optional fields are null. */
export type ConfigOf<F extends Fields> = {
  readonly [K in keyof F]: Plain<F[K]> | (Present<F[K]> extends true ? never : null)
}

export interface ConfigProblem {
  readonly field: string
  readonly message: string
}
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] }

export interface FieldDescription {
  readonly field: string
  readonly kind: Field['kind']
  readonly title: string
  readonly help: string
  readonly required: boolean
  readonly secret: boolean
  readonly options: readonly string[] | null
  readonly default: unknown
}

export interface ConfigSpec<T> {
  /** Reports every problem at once; unknown fields are problems. */
  parse(input: unknown): Parsed<T>
  /** The same settings with every secret replaced by `[hidden]`; unknown fields too, they may be misspelt secrets. */
  redact(input: { readonly [field: string]: unknown }): { [field: string]: unknown }
  /** For docs and forms, in declaration order. */
  describe(): readonly FieldDescription[]
  readonly secretFields: readonly string[]
  /** Only carries the type. */
  readonly _value?: T
}

/** Edits that make the one of the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    row = next
  }
  return row[b.length]!
}

/** ` (did you mean x?)`, or nothing. */
export function suggestion(name: string, known: readonly string[]): string {
  const [near] = known
    .map((each) => ({ each, edits: distance(each.toLowerCase(), name.toLowerCase()) }))
    .filter(({ edits }) => edits <= 2)
    .sort((a, b) => a.edits - b.edits)
  return near === undefined ? '' : ` (did you mean ${near.each}?)`
}

function checkText(field: TextField, value: unknown): string | null {
  if (typeof value !== 'string') return 'must be text'
  if (value.trim() === '') return 'must not be empty'
  if (field.kind === 'text') return null
  const url = URL.canParse(value) ? new URL(value) : null
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    return 'must be an address like https://erp.example.com'
  if (url.username !== '' || url.password !== '')
    return 'must not hold a user or password; they have fields of their own'
  return null
}

function checkNumber(field: NumberField, value: unknown): string | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'must be a number'
  if (field.kind === 'integer' && !Number.isSafeInteger(value)) return 'must be a whole number'
  if (field.min !== undefined && value < field.min) return `must be at least ${field.min}`
  if (field.max !== undefined && value > field.max) return `must be at most ${field.max}`
  return null
}

/** Null = fits. Values never appear in messages: they may be secrets. */
function check(field: Field, value: unknown): string | null {
  switch (field.kind) {
    case 'text':
    case 'url':
      return checkText(field, value)
    case 'integer':
    case 'decimal':
      return checkNumber(field, value)
    case 'boolean':
      return typeof value === 'boolean' ? null : 'must be true or false'
    case 'choice':
      return field.options.includes(value as string) ? null : `must be one of ${field.options.join(', ')}`
    case 'list':
      return Array.isArray(value) && value.every((each) => typeof each === 'string') ? null : 'must be a list of texts'
  }
}

/** `"42"` from an environment variable is a number where a number is wanted. */
function coerce(field: Field, value: unknown): unknown {
  if (typeof value !== 'string') return value
  const text = value.trim()
  if ((field.kind === 'integer' || field.kind === 'decimal') && /^-?\d+(\.\d+)?$/.test(text)) return Number(text)
  if (field.kind === 'boolean' && /^(true|false)$/.test(text)) return text === 'true'
  return value
}

/** Declares settings. Every field needs a title and a help text; both appear in docs. */
export function defineConfig<const F extends Fields>(declaration: { readonly fields: F }): ConfigSpec<ConfigOf<F>> {
  const fields = Object.entries(declaration.fields) as [string, Field][]
  const names = fields.map(([name]) => name)
  return {
    secretFields: fields.filter(([, field]) => field.secret === true).map(([name]) => name),
    parse(input) {
      if (input === null || typeof input !== 'object' || Array.isArray(input))
        return { ok: false, problems: [{ field: '', message: 'settings must be an object' }] }
      const given = input as { readonly [field: string]: unknown }
      const problems: ConfigProblem[] = Object.keys(given)
        .filter((name) => !names.includes(name))
        .map((name) => ({
          field: name,
          message: `is not a setting${suggestion(name, names)}; known: ${names.join(', ')}`,
        }))
      const value: { [field: string]: unknown } = {}
      for (const [name, field] of fields) {
        const raw = given[name]
        if (raw === undefined || raw === null) {
          if (field.required === true) problems.push({ field: name, message: `is missing (${field.title})` })
          value[name] = field.default ?? null
          continue
        }
        value[name] = coerce(field, raw)
        const problem = check(field, value[name])
        if (problem !== null) problems.push({ field: name, message: problem })
      }
      return problems.length > 0 ? { ok: false, problems } : { ok: true, value: value as ConfigOf<F> }
    },
    redact: (input) =>
      Object.fromEntries(
        Object.entries(input).map(([name, value]) => [
          name,
          !names.includes(name) || declaration.fields[name]?.secret === true ? '[hidden]' : value,
        ]),
      ),
    describe: () =>
      fields.map(([field, { kind, title, help, required, secret, ...rest }]) => ({
        field,
        kind,
        title,
        help,
        required: required ?? false,
        secret: secret ?? false,
        options: 'options' in rest ? rest.options : null,
        default: rest.default ?? null,
      })),
  }
}
