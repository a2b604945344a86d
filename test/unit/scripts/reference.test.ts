import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { describeEnvironment } from '../../../core/config.ts'
import { createLocalCodec } from '../../../core/avro/local-codec.ts'
import { createMetrics } from '../../../core/metrics.ts'
import { SCHEMAS } from '../../../schemas/generated/schemas.ts'
import { metricsPage, withSettings, withWritableFields } from '../../../scripts/generate/reference.ts'

const doc = (name: string): string => readFileSync(join(import.meta.dirname, '../../../docs', name), 'utf8')
const namesIn = (page: string): string[] => [...page.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name!)

test('docs/metrics.md lists every metric that a service registers', async () => {
  expect(doc('metrics.md')).toBe(metricsPage())
  const registered = await createMetrics().registry.getMetricsAsJSON()
  expect(namesIn(doc('metrics.md'))).toEqual(registered.map(({ name }) => name))
})

test('docs/operations.md lists every setting of the environment', () => {
  const page = doc('operations.md')
  expect(withSettings(page)).toBe(page)
  const section = page.slice(page.indexOf('<!-- settings:start -->'), page.indexOf('<!-- settings:end -->'))
  expect(namesIn(section)).toEqual(describeEnvironment().map(({ field }) => field))
})

test('what people wrote around the table stays', () => {
  const page = '# Operations\n\nbefore\n\n<!-- settings:start -->\nold\n<!-- settings:end -->\n\nafter\n'
  const fresh = withSettings(page)
  expect(fresh).toMatch(/^# Operations\n\nbefore\n/)
  expect(fresh).toMatch(/<!-- settings:end -->\n\nafter\n$/)
  expect(fresh).not.toContain('old')
  expect(withSettings(fresh)).toBe(fresh)
})

test('a page without its markers is refused, not overwritten', () => {
  expect(() => withSettings('# Operations\n')).toThrow(/settings:start/)
})

test('docs/commands.md lists what can be written, and every outcome and code of a result', () => {
  const page = doc('commands.md')
  expect(withWritableFields(page)).toBe(page)
  expect(() => withWritableFields('# Commands\n')).toThrow(/fields:start/)
  const symbols = [...JSON.stringify(SCHEMAS.commands.command_result).matchAll(/"symbols":(\[[^\]]*\])/g)]
    .flatMap(([, list]) => JSON.parse(list!) as string[])
    .filter((symbol) => symbol !== 'FAILED')
  expect(symbols.length).toBeGreaterThan(30)
  expect(symbols.filter((symbol) => !page.includes(`\`${symbol}\``))).toEqual([])
})

test('the commands that docs/commands.md shows in JSON are commands', () => {
  const orders = createLocalCodec().command('purchase_order')
  const shown = [...doc('commands.md').matchAll(/```json\n([^]*?)```/g)].map(([, json]) => json!)
  expect(shown.map((json) => orders.decode(Buffer.from(json)).operation)).toEqual(['CREATE', 'UPDATE'])
})
