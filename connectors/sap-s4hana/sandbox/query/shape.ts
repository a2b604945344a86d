import { badRequest } from '../errors.ts'
import type { EntitySet, Navigation, Property } from '../model.ts'
import { unknownProperty } from './filter.ts'

/** Which properties an answer shows, and which navigations it follows. */
export interface Shape {
  readonly set: EntitySet
  readonly properties: readonly Property[]
  readonly links: readonly Link[]
}

export interface Link {
  readonly navigation: Navigation
  /** null: only its address is shown. */
  readonly shape: Shape | null
}

/** Names at one level, each with what was said below it. */
interface Tree extends Map<string, Tree> {}

/** @throws SapError 400 when `$select` or `$expand` names what is not there */
export function shapeOf(set: EntitySet, select: string | null, expand: string | null): Shape {
  const expanded = treeOf(expand, '$expand')
  return build(set, select === null ? null : treeOf(select, '$select'), expanded)
}

function build(set: EntitySet, select: Tree | null, expand: Tree): Shape {
  const { type } = set
  const everything = select === null || select.size === 0 || select.has('*')
  for (const name of expand.keys()) {
    if (!type.navigations.has(name)) {
      throw badRequest('/IWBEP/CM_MGW_RT/172', `Navigation property '${name}' not found in type ${type.name} ($expand)`)
    }
  }
  for (const [name, below] of select ?? []) {
    if (name === '*' || (below.size === 0 && type.properties.has(name))) continue
    if (!type.navigations.has(name)) throw unknownProperty(name, type)
  }
  const links: Link[] = []
  for (const navigation of type.navigations.values()) {
    const chosen = select?.get(navigation.name)
    if (!everything && chosen === undefined) continue
    const below = expand.get(navigation.name)
    const shape = below === undefined ? null : build(navigation.target, chosen ?? null, below)
    // checked even when nothing is expanded here: a wrong name is wrong
    if (below === undefined && chosen !== undefined && chosen.size > 0) build(navigation.target, chosen, new Map())
    links.push({ navigation, shape })
  }
  const properties = [...type.properties.values()].filter(({ name }) => everything || select.has(name))
  return { set, properties, links }
}

function treeOf(text: string | null, option: string): Tree {
  const tree: Tree = new Map()
  if (text === null || text.trim() === '') return tree
  for (const path of text.split(',')) {
    let level = tree
    for (const name of path.trim().split('/')) {
      if (name === '') throw badRequest('/IWCOR/CX_DS_EXPR_SYNTAX_ERROR', `Invalid ${option} '${text}'`)
      let below = level.get(name)
      if (below === undefined) {
        below = new Map()
        level.set(name, below)
      }
      level = below
    }
  }
  return tree
}
