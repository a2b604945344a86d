import { parseDocument } from 'yaml'
import {
  type AnyConnector,
  CONNECTION_DEFAULTS,
  type ConfigProblem,
  type Connection,
  isConnectionId,
  settingsProblems,
} from '../../core/index.ts'
import { mappingOf, streamsOf } from './declaration-parts.ts'
import { webhookOf } from './declaration-webhook.ts'
import { resolveReferences } from './references.ts'
import { limits, object, type Report, scalars, section, sweepGuard } from './sections.ts'

/** A connection as a file declares it: defaults filled in, secrets in plain text, no status. */
export type DeclaredConnection = Omit<Connection, 'status' | 'statusReason' | 'updatedAt'>

export type ParsedDeclaration =
  | { readonly ok: true; readonly connections: readonly DeclaredConnection[] }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] }

export interface DeclarationContext {
  readonly connectors: readonly AnyConnector[]
  readonly variables: { readonly [name: string]: string | undefined }
}

const FIELDS = [
  'id',
  'system',
  'settings',
  'streams',
  'windowDays',
  'limits',
  'sweepGuard',
  'tombstoneAfterDays',
  'includeRaw',
  'webhook',
  'mapping',
]

/** A file `connections: [...]` in YAML or JSON. Pure; every problem at once. */
export function parseDeclaration(text: string, context: DeclarationContext): ParsedDeclaration {
  const document = parseDocument(text, { prettyErrors: true })
  const [error] = document.errors
  if (error !== undefined)
    return { ok: false, problems: [{ field: 'file', message: syntaxProblem(error.message, text) }] }
  return checkDeclaration(document.toJS(), context)
}

/** Only the first: the others follow from it. */
function syntaxProblem(message: string, text: string): string {
  const first = message.split('\n')[0]?.replace(/:$/, '') ?? ''
  const hint = text.includes('${') ? ' (inside { } and [ ], put "${NAME}" in quotes)' : ''
  return `is not YAML or JSON: ${first}${hint}`
}

/** The same for a document that is parsed already. */
export function checkDeclaration(document: unknown, context: DeclarationContext): ParsedDeclaration {
  const { value, problems: unset } = resolveReferences(document, context.variables)
  const problems: ConfigProblem[] = [...unset]
  const report: Report = (field, message) => {
    // a reference without a value has been told; that its field is empty is no news
    const told = unset.some((problem) => problem.field === field || problem.field.startsWith(`${field}[`))
    if (!told) problems.push({ field, message })
  }
  const root = object(value, 'file', report)
  for (const name of Object.keys(root ?? {}))
    if (name !== 'connections') report(name, 'is not known; a file holds `connections:`')
  const list = root?.['connections']
  if (root !== null && !Array.isArray(list)) report('connections', 'must be a list of connections')
  const connections = (Array.isArray(list) ? list : []).map((each, index) =>
    connectionOf(each, `connections[${index}]`, context.connectors, report),
  )
  const first = new Map<string, number>()
  for (const [index, connection] of connections.entries()) {
    if (connection === null) continue
    const earlier = first.get(connection.id)
    if (earlier === undefined) first.set(connection.id, index)
    else report(`connections[${index}].id`, `${connection.id} is declared already by connections[${earlier}]`)
  }
  if (problems.length > 0) return { ok: false, problems }
  return { ok: true, connections: connections.filter((each) => each !== null) }
}

/** Null only when it is no object at all; otherwise what could be read, and problems told to `report`. */
function connectionOf(
  given: unknown,
  at: string,
  connectors: readonly AnyConnector[],
  report: Report,
): DeclaredConnection | null {
  const fields = object(given, at, report)
  if (fields === null) return null
  for (const name of Object.keys(fields))
    if (!FIELDS.includes(name)) report(`${at}.${name}`, `is not known; known: ${FIELDS.join(', ')}`)
  const { id, system } = fields
  if (id === undefined || id === null) report(`${at}.id`, 'is missing')
  else if (typeof id !== 'string' || !isConnectionId(id))
    report(`${at}.id`, 'must be 1 to 40 lower-case letters, digits and hyphens, beginning with a letter or digit')
  const connector = connectors.find((each) => each.id === system)
  if (connector === undefined) {
    const known = connectors.map((each) => each.id).join(', ')
    report(`${at}.system`, system === undefined ? `is missing; known: ${known}` : `is not known; known: ${known}`)
  }
  const settings = object(fields['settings'] ?? {}, `${at}.settings`, report) ?? {}
  if (connector !== undefined)
    for (const { field, message } of settingsProblems(connector, settings)) report(`${at}.settings.${field}`, message)
  const { windowDays, tombstoneAfterDays, includeRaw } = CONNECTION_DEFAULTS
  const plain = section(scalars, pick(fields, ['windowDays', 'tombstoneAfterDays', 'includeRaw']), at, report)
  return {
    windowDays,
    tombstoneAfterDays,
    includeRaw,
    ...plain,
    id: String(id),
    system: String(system),
    settings: Object.fromEntries(
      Object.entries(settings).filter(([, value]) => value !== null),
    ) as Connection['settings'],
    streams: streamsOf(fields['streams'], connector, `${at}.streams`, report),
    limits: { ...CONNECTION_DEFAULTS.limits, ...section(limits, fields['limits'], `${at}.limits`, report) },
    sweepGuard: {
      ...CONNECTION_DEFAULTS.sweepGuard,
      ...section(sweepGuard, fields['sweepGuard'], `${at}.sweepGuard`, report),
    },
    webhook: webhookOf(fields['webhook'], connector, `${at}.webhook`, report),
    mapping: mappingOf(fields['mapping'], `${at}.mapping`, report),
  }
}

const pick = (fields: { readonly [name: string]: unknown }, names: readonly string[]): object =>
  Object.fromEntries(names.filter((name) => fields[name] !== undefined).map((name) => [name, fields[name]]))
