/** Reference tables in docs, made from the declarations that the code itself uses. */
import { describeEnvironment } from '../../core/config.ts'
import { METRICS } from '../../core/metrics.ts'

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

const START = '<!-- settings:start -->'
const END = '<!-- settings:end -->'

/** docs/operations.md with its table of settings brought up to date; the rest is written by hand. @throws Error without markers */
export function withSettings(page: string): string {
  const start = page.indexOf(START)
  const end = page.indexOf(END)
  if (start < 0 || end < start) throw new Error(`docs/operations.md needs the lines ${START} and ${END}`)
  return `${page.slice(0, start + START.length)}\n\n${settingsTable()}\n\n${page.slice(end)}`
}
