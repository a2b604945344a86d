import type { SuiteQlFunction } from './arguments.ts'
import { CONDITIONAL_FUNCTIONS } from './conditional-functions.ts'
import { DATE_FUNCTIONS } from './date-functions.ts'
import { displayOf } from './display.ts'
import { NUMBER_FUNCTIONS } from './number-functions.ts'
import { TEXT_FUNCTIONS } from './text-functions.ts'

const ALL: ReadonlyMap<string, SuiteQlFunction> = new Map(
  Object.entries({
    ...CONDITIONAL_FUNCTIONS,
    ...DATE_FUNCTIONS,
    ...NUMBER_FUNCTIONS,
    ...TEXT_FUNCTIONS,
    'builtin.df': displayOf,
  }),
)

/** `name` in lower case. @returns null when there is no such function */
export function functionNamed(name: string): SuiteQlFunction | null {
  return ALL.get(name) ?? null
}
