import type { Context } from './context.ts'
import { unsupported } from './errors.ts'
import type { Value } from './value.ts'

/** Functions by name in lower case. @throws SuiteQlError for arguments they do not take */
export type Functions = { readonly [name: string]: SuiteQlFunction }
export type SuiteQlFunction = (context: Context, args: readonly Value[]) => Value

/** The arguments of a function, when there are as many as it takes. @throws SuiteQlError otherwise */
export function taking(args: readonly Value[], least: number, most = least): readonly Value[] {
  if (args.length < least || args.length > most) throw unsupported()
  return args
}

export function first(args: readonly Value[]): Value {
  const [arg] = args
  if (arg === undefined) throw unsupported()
  return arg
}

/** The argument at a position, or what stands for it when it is left out. */
export function argument(args: readonly Value[], at: number, otherwise?: Value): Value {
  const arg = args[at] ?? otherwise
  if (arg === undefined) throw unsupported()
  return arg
}
