import { CONNECTING_RULES } from './connecting.ts'
import { DECLARATION_RULES } from './declaration.ts'
import { MAPPING_RULES } from './mapping.ts'
import { READ_RULES } from './reads.ts'
import { REFUSING_RULES } from './refusing.ts'
import type { OperationRule, Rule, StreamRule } from './rules.ts'
import { RUNNING_RULES } from './running.ts'
import { PUSHED_STREAM_RULES, PUSHING_RULES } from './webhooks.ts'
import { WRITE_RULES } from './writes.ts'

/** Rules that are tried once on a connector. */
export const CONNECTOR_RULES: readonly Rule[] = [
  ...DECLARATION_RULES,
  ...CONNECTING_RULES,
  ...RUNNING_RULES,
  ...REFUSING_RULES,
  ...PUSHING_RULES,
]

/** Rules that are tried on each of its streams. */
export const STREAM_RULES: readonly StreamRule[] = [...READ_RULES, ...MAPPING_RULES, ...PUSHED_STREAM_RULES]

/** Rules that are tried on each of its operations. */
export const OPERATION_RULES: readonly OperationRule[] = WRITE_RULES
