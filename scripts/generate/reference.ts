/** Reference tables in docs, made from the declarations that the code itself uses. */
import { describeEnvironment } from '../../core/config.ts'
import { METRICS } from '../../core/metrics.ts'
import { COMMANDS, type FieldModel, type RecordModel } from '../../schemas/model/index.ts'

/** A bar would end the cell. */
const cell = (text: string): string => text.replaceAll('|', '\\|')
const code = (text: string): string => `\`${text}\``

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n')
}

function defaultOf({ required, default: value }: { readonly required: boolean; readonly default: unknown }): string {
  if (required) return 'required'
  return value === null ? '' : code(String(value))
}

/** Content of docs/metrics.md. */
export function metricsPage(): string {
  const rows = Object.values(METRICS).map(({ name, type, labels, help }) => [
    code(name),
    type,
    labels.map(code).join(', '),
    help,
  ])
  return [
    '# Metrics',
    '',
    'Every service serves these at `/metrics` in the Prometheus format, each with the label `service` besides, together',
    'with the metrics of Node itself (`process_…`, `nodejs_…`). Made from `core/metrics.ts` by `npm run generate`.',
    '',
    table(['Metric', 'Type', 'Labels', 'Meaning'], rows),
    '',
  ].join('\n')
}

export function settingsTable(): string {
  const rows = describeEnvironment().map((setting) => [
    code(setting.field),
    setting.options === null ? setting.kind : setting.options.map(code).join(', '),
    defaultOf(setting),
    `${setting.title}: ${setting.help}${setting.secret ? ' (secret)' : ''}`,
  ])
  return table(['Variable', 'Value', 'Default', 'Meaning'], rows)
}

/** What commands may write, by entity; lines under the name of their array. */
function writableTable(): string {
  const own = (record: RecordModel): string =>
    record.fields
      .filter(([name, type]) => !ABOUT_THE_WRITE.has(name) && linesIn(type) === null)
      .map(([name]) => code(name))
      .join(', ')
  const rows = COMMANDS.flatMap(({ entity, write }) => [
    [entity, own(write)],
    ...write.fields.flatMap(([name, type]) => {
      const line = linesIn(type)
      return line === null ? [] : [[`${entity}, ${code(name)}`, own(line)]]
    }),
  ])
  return table(['Entity', 'Fields'], rows)
}

/** On every write record, and explained apart. */
const ABOUT_THE_WRITE = new Set(['line_id', 'line_ref', 'action', 'clear_fields', 'custom_fields'])

function linesIn(type: FieldModel[1]): RecordModel | null {
  return typeof type !== 'string' && 'items' in type && type.items !== 'str' ? type.items : null
}

/** docs/operations.md with its table of settings brought up to date; the rest is written by hand. @throws Error without markers */
export const withSettings = (page: string): string => between(page, 'settings', settingsTable(), 'docs/operations.md')

/** docs/commands.md with its table of fields brought up to date; the rest is written by hand. @throws Error without markers */
export const withWritableFields = (page: string): string => between(page, 'fields', writableTable(), 'docs/commands.md')

function between(page: string, marker: string, text: string, name: string): string {
  const [from, to] = [`<!-- ${marker}:start -->`, `<!-- ${marker}:end -->`]
  const start = page.indexOf(from)
  const end = page.indexOf(to)
  if (start < 0 || end < start) throw new Error(`${name} needs the lines ${from} and ${to}`)
  return `${page.slice(0, start + from.length)}\n\n${text}\n\n${page.slice(end)}`
}
