import type { EntitySet, Navigation, Property } from './model.ts'
import type { Shape } from './query/shape.ts'
import type { Store } from './store.ts'
import type { Cell } from './table.ts'

/** A property and where it stands among the cells of a row. */
export interface Column {
  readonly property: Property
  readonly at: number
}

/** A shape together with the columns it needs: what is shown, what addresses are made of, what links join by. */
export interface Plan {
  readonly set: EntitySet
  readonly columns: readonly string[]
  readonly shown: readonly Column[]
  readonly keys: readonly Column[]
  /** The change stamps an etag is made of, in order of preference; empty = the set has no etags. */
  readonly stamps: readonly Column[]
  readonly links: readonly PlannedLink[]
}

export interface PlannedLink {
  readonly navigation: Navigation
  readonly plan: Plan | null
  readonly own: readonly Column[]
}

/** Rows of one level with everything expanded below them. */
export interface Fetched {
  readonly plan: Plan
  readonly rows: readonly (readonly Cell[])[]
  /** Beside each link of the plan; null where nothing is expanded. */
  readonly below: readonly (Below | null)[]
}

/** All children of a level in one run; `counts[n]` of them belong to its n-th row. */
export interface Below {
  readonly counts: readonly number[]
  readonly fetched: Fetched
}

const STAMPS = ['LastChangeDateTime', 'MaintOrderCreationDateTime']

export function planOf(shape: Shape): Plan {
  const { set } = shape
  const columns: string[] = []
  const column = (name: string): Column => {
    const property = set.type.properties.get(name)
    if (property === undefined) throw new Error(`${set.name} has no property ${name}`)
    const known = columns.indexOf(name)
    return { property, at: known < 0 ? columns.push(name) - 1 : known }
  }
  const shown = shape.properties.map(({ name }, at) => {
    columns.push(name)
    return { property: shape.properties[at] as Property, at }
  })
  const stamps = set.requiresEtag ? STAMPS.filter((name) => set.type.properties.has(name)).map(column) : []
  return {
    set,
    columns,
    shown,
    keys: set.type.keys.map(column),
    stamps,
    links: shape.links.map(({ navigation, shape: below }) => ({
      navigation,
      plan: below === null ? null : planOf(below),
      own: below === null ? [] : navigation.on.map(([own]) => column(own)),
    })),
  }
}

/** Fetches what the plan expands: one query per link and level, however many rows there are. */
export function fetchBelow(store: Store, plan: Plan, rows: readonly (readonly Cell[])[]): Fetched {
  const below = plan.links.map((link): Below | null => {
    if (link.plan === null) return null
    const parents = rows.map((row) => link.own.map(({ at }) => row[at] ?? null))
    const groups = store.childCells(link.navigation, link.plan.columns, parents)
    const kept = link.navigation.many ? groups : groups.map((group) => group.slice(-1))
    return { counts: kept.map((group) => group.length), fetched: fetchBelow(store, link.plan, kept.flat()) }
  })
  return { plan, rows, below }
}
