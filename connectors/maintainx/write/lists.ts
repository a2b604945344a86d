import type { Json } from '../../../core/index.ts'
import type { Row } from '../values.ts'
import { isSame, type Values } from './native-values.ts'

/** A list of which the unified field is the first entry: it is put there, and the others stay. */
export function withFirst(body: Values, native: string, record: Row | null): Values {
  const given = body[native]
  if (given === undefined) return body
  const there = record?.[native]
  const shown: readonly Json[] = Array.isArray(there) ? there : []
  if (given === null) return { ...body, [native]: shown.slice(1) }
  return { ...body, [native]: [given, ...shown.slice(1).filter((each) => !isSame(given, each))] }
}
