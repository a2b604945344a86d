import type { ConfigProblem } from '../../core/index.ts'

export interface Resolved {
  readonly value: unknown
  /** References without a value; what holds one is left out of `value`. */
  readonly problems: readonly ConfigProblem[]
}

const REFERENCE = /\$(\$\{)|\$\{([^}]*)\}/g

/**
 * Replaces `${NAME}` in every text of a parsed document by environment variables; `$${` stands for `${`. Done after
 * parsing, so that a password cannot change the document's structure.
 */
export function resolveReferences(
  value: unknown,
  variables: { readonly [name: string]: string | undefined },
  path = '',
): Resolved {
  const problems: ConfigProblem[] = []

  const text = (given: string, at: string): string | undefined => {
    let complete = true
    const filled = given.replace(REFERENCE, (_all, escaped: string | undefined, name: string | undefined) => {
      if (escaped !== undefined) return escaped
      const found = variables[name ?? '']
      if (found !== undefined && found !== '') return found
      complete = false
      const message = `refers to the environment variable ${name ?? ''}, which is not set`
      if (!problems.some((problem) => problem.field === at && problem.message === message))
        problems.push({ field: at, message })
      return ''
    })
    return complete ? filled : undefined
  }

  const walk = (node: unknown, at: string): unknown => {
    if (typeof node === 'string') return text(node, at)
    if (Array.isArray(node)) return node.map((each, index) => walk(each, `${at}[${index}]`))
    if (node === null || typeof node !== 'object') return node
    return Object.fromEntries(
      Object.entries(node).map(([name, each]) => [name, walk(each, at === '' ? name : `${at}.${name}`)]),
    )
  }

  return { value: walk(value, path), problems }
}
