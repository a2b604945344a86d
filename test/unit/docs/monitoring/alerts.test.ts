import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parser } from '@prometheus-io/lezer-promql'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { createMetrics, METRICS } from '../../../../core/index.ts'

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly for?: string
  readonly labels: { readonly severity: string }
  readonly annotations: { readonly summary: string; readonly description: string }
}

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const RULES = path('../../../../docs/monitoring/alerts.yml')
const file = parse(readFileSync(RULES, 'utf8')) as { readonly groups: readonly { readonly rules: readonly Rule[] }[] }
const rules = file.groups.flatMap((group) => group.rules)

/** Problems of an expression, and the metrics it asks for with the labels that select and group. */
function read(expr: string) {
  const problems: string[] = []
  const metrics = new Set<string>()
  const labels = new Set<string>()
  parser.parse(expr).iterate({
    enter({ type, from, to }) {
      const text = expr.slice(from, to)
      if (type.isError) problems.push(`${expr.slice(0, from)} ⟂ ${expr.slice(from)}`)
      if (type.name === 'Identifier') metrics.add(text)
      if (type.name === 'LabelName') labels.add(text)
    },
  })
  return { problems, metrics: [...metrics], labels: [...labels] }
}

const OF_METRIC = new Map<string, { readonly labels: readonly string[] }>(
  Object.values(METRICS).flatMap((metric) =>
    (metric.type === 'histogram' ? ['_bucket', '_count', '_sum'] : ['']).map(
      (suffix) => [`${metric.name}${suffix}`, metric] as const,
    ),
  ),
)
/** `up` is Prometheus's own; the rest of what every service serves comes from Node. */
const OTHERS = new Set([
  'up',
  ...createMetrics({ process: true })
    .registry.getMetricsAsArray()
    .map(({ name }) => name),
])
/** Labels that every metric carries: of the service, of the scrape, of histograms. */
const COMMON = ['service', 'job', 'instance', 'le']

test('every expression is PromQL, and a broken one would be noticed', () => {
  expect(rules.length).toBeGreaterThan(15)
  for (const { expr } of rules) expect(read(expr).problems).toEqual([])
  expect(read('sum by (x) (rate(a[5m]) > 1').problems).not.toEqual([])
  expect(read('a == b == ==').problems).not.toEqual([])
})

test('every metric of the rules is served, with every label that they use', () => {
  for (const { alert, expr } of rules) {
    const { metrics, labels } = read(expr)
    expect([alert, metrics.length > 0]).toEqual([alert, true])
    const unknown = metrics.filter((name) => !OF_METRIC.has(name) && !OTHERS.has(name))
    expect([alert, unknown]).toEqual([alert, []])
    const served = new Set([...COMMON, ...metrics.flatMap((name) => OF_METRIC.get(name)?.labels ?? [])])
    expect([alert, labels.filter((label) => !served.has(label))]).toEqual([alert, []])
  }
})

test('reasons of refusals that the rules name are reasons that the receiver gives', () => {
  const named = rules.flatMap(({ expr }) =>
    [...expr.matchAll(/reason!?=~"([^"]+)"/g)].flatMap(([, list = '']) => list.split('|')),
  )
  expect(named.length).toBeGreaterThan(0)
  expect(named.filter((reason) => !METRICS.webhookRefused.help.includes(reason))).toEqual([])
})

test('texts speak only of labels that the alert has', () => {
  for (const { alert, expr, annotations } of rules) {
    const used = [...`${annotations.summary} ${annotations.description}`.matchAll(/\$labels\.(\w+)/g)].map(([, x]) => x)
    const kept = read(expr).labels
    // without aggregation all labels of the metric are there
    const free = used.filter((label) => label !== 'instance' && !kept.includes(label ?? ''))
    expect([alert, free]).toEqual([alert, []])
  }
})

test('every alert has a severity and is explained, and nothing else is', () => {
  const page = readFileSync(path('../../../../docs/monitoring/README.md'), 'utf8')
  const explained = [...page.matchAll(/`(Tributary\w+)`/g)].map(([, name]) => name)
  expect(new Set(explained)).toEqual(new Set(rules.map(({ alert }) => alert)))
  for (const { labels } of rules) expect(['critical', 'warning', 'info']).toContain(labels.severity)
})

test('fires when it should and not otherwise, says promtool, where that is installed', ({ skip }) => {
  if (spawnSync('promtool', ['--version']).status !== 0) return skip('no promtool')
  const checked = spawnSync('promtool', ['check', 'rules', RULES], { encoding: 'utf8' })
  expect(`${checked.stdout}${checked.stderr}`).toContain(`SUCCESS: ${rules.length} rules found`)
  const tried = spawnSync('promtool', ['test', 'rules', 'alerts-cases.yml'], { encoding: 'utf8', cwd: path('.') })
  expect(`${tried.stdout}${tried.stderr}`).toContain('SUCCESS')
  expect(tried.status).toBe(0)
})
