import type { MappingSettings, Unified } from '../../../core/index.ts'
import type { NetSuiteConfig } from '../config.ts'
import { children, type Row, text } from '../values.ts'
import { customOrderOf, customOrderSource } from './custom-orders.ts'
import { customRecordOf, refuseSource, withStamp } from './custom-records.ts'
import { manufacturingOrderOf, manufacturingSource } from './manufacturing-orders.ts'
import { withConversion } from './quantities.ts'
import type { WindowSource } from './source.ts'
import { streamOf } from './stream.ts'
import { caseOrderOf, caseSource } from './support-cases.ts'
import { taskOrderOf, taskSource } from './tasks.ts'

const OPTIONS = ['manufacturing', 'task', 'support_case', 'custom_record:<id>', 'none']

/**
 * NetSuite has no maintenance orders: the connection's `work_order_source` says what is taken for them. Work orders for
 * manufacturing are the default, since every account with the feature has them and they have the stream's shape.
 */
function sourceOf(config: NetSuiteConfig): WindowSource | null {
  const chosen = config.work_order_source.trim()
  const table = customRecordOf(chosen)
  if (table !== null) return customOrderSource(table, config)
  if (chosen === 'manufacturing') return manufacturingSource(config)
  if (chosen === 'task') return taskSource
  if (chosen === 'support_case') return caseSource
  return chosen === 'none' ? null : refuseSource('work_order_source', chosen, OPTIONS)
}

export const workOrders = streamOf<'work_order'>({
  entity: 'work_order',
  mappingVersion: 1,
  ignoresWindow: false,
  source: sourceOf,
  prepare: withStamp,
  // which source it came from goes along: the setting may change while records are on their way
  complete: (row, lookups, { work_order_source }) => ({
    ...row,
    source: work_order_source.trim(),
    ...('lines' in row ? { lines: children(row['lines']).map((line) => withConversion(line, 'units', lookups)) } : {}),
  }),
  toUnified: workOrderOf,
})

function workOrderOf(row: Row, settings: MappingSettings, key: string): Unified<'work_order'> {
  const source = text(row['source'])
  if (source === 'task') return taskOrderOf(row, settings, key)
  if (source === 'support_case') return caseOrderOf(row, settings, key)
  return source === 'manufacturing' ? manufacturingOrderOf(row, settings, key) : customOrderOf(row, settings, key)
}
