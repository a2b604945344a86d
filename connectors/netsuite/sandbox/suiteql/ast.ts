/** A statement as it was written: no names resolved, no types. Names are in lower case, `shown` as written. */
export interface Query {
  /** Joined by the operators between them, from left to right. */
  readonly branches: readonly { readonly select: Select; readonly operator: SetOperator | null }[]
  readonly orderBy: readonly Order[]
  /** OFFSET n ROWS, FETCH FIRST n ROWS ONLY, TOP n. */
  readonly offset: number
  readonly fetch: number | null
}

export type SetOperator = 'UNION' | 'UNION ALL' | 'INTERSECT' | 'MINUS'

export interface Select {
  readonly distinct: boolean
  readonly items: readonly Item[]
  readonly from: readonly From[]
  readonly where: Expression | null
  readonly groupBy: readonly Expression[]
  readonly having: Expression | null
}

/** `table` of a star: the alias before it, or null for all. */
export type Item =
  | { readonly kind: 'star'; readonly table: Name | null }
  | { readonly kind: 'item'; readonly expression: Expression; readonly alias: string | null }

export interface Name {
  readonly text: string
  readonly shown: string
}

export interface From {
  readonly source: { readonly kind: 'table'; readonly name: Name } | { readonly kind: 'query'; readonly query: Query }
  readonly alias: Name | null
  readonly join: 'first' | 'cross' | 'inner' | 'left' | 'right' | 'full'
  readonly on: Expression | null
}

export interface Order {
  readonly expression: Expression
  readonly descending: boolean
  readonly nulls: 'first' | 'last' | null
}

export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>='

export type Expression =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'null' }
  | { readonly kind: 'parameter'; readonly index: number }
  | { readonly kind: 'column'; readonly table: Name | null; readonly name: Name }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[]; readonly distinct: boolean }
  | { readonly kind: 'countAll' }
  | {
      readonly kind: 'arithmetic'
      readonly op: '+' | '-' | '*' | '/' | '||'
      readonly left: Expression
      readonly right: Expression
    }
  | { readonly kind: 'negative'; readonly operand: Expression }
  | { readonly kind: 'compare'; readonly op: Comparison; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Expression[] }
  | { readonly kind: 'not'; readonly operand: Expression }
  | {
      readonly kind: 'in'
      readonly operand: Expression
      readonly list: readonly Expression[] | Query
      readonly negated: boolean
    }
  | { readonly kind: 'isNull'; readonly operand: Expression; readonly negated: boolean }
  | {
      readonly kind: 'between'
      readonly operand: Expression
      readonly low: Expression
      readonly high: Expression
      readonly negated: boolean
    }
  | {
      readonly kind: 'like'
      readonly operand: Expression
      readonly pattern: Expression
      readonly escape: Expression | null
      readonly negated: boolean
    }
  | { readonly kind: 'exists'; readonly query: Query }
  | { readonly kind: 'subquery'; readonly query: Query }
  | {
      readonly kind: 'case'
      readonly operand: Expression | null
      readonly branches: readonly { readonly when: Expression; readonly result: Expression }[]
      readonly otherwise: Expression | null
    }

/** Expressions directly within one; those of subqueries are not among them. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'text':
    case 'number':
    case 'null':
    case 'parameter':
    case 'column':
    case 'countAll':
    case 'exists':
    case 'subquery':
      return []
    case 'call':
      return expression.args
    case 'arithmetic':
    case 'compare':
      return [expression.left, expression.right]
    case 'negative':
    case 'not':
    case 'isNull':
      return [expression.operand]
    case 'and':
    case 'or':
      return expression.operands
    case 'in':
      return 'branches' in expression.list ? [expression.operand] : [expression.operand, ...expression.list]
    case 'between':
      return [expression.operand, expression.low, expression.high]
    case 'like':
      return [expression.operand, expression.pattern, ...(expression.escape === null ? [] : [expression.escape])]
    case 'case':
      return [
        ...(expression.operand === null ? [] : [expression.operand]),
        ...expression.branches.flatMap(({ when, result }) => [when, result]),
        ...(expression.otherwise === null ? [] : [expression.otherwise]),
      ]
  }
}
