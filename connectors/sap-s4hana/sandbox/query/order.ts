import { badRequest } from '../errors.ts'
import type { EntityType } from '../model.ts'
import { unknownProperty } from './filter.ts'

export interface OrderBy {
  readonly property: string
  readonly descending: boolean
}

/** `LastChangeDateTime asc,PurchaseOrder desc`. @throws SapError 400 */
export function parseOrderBy(text: string, type: EntityType): OrderBy[] {
  return text.split(',').map((part) => {
    const [name = '', direction = 'asc', ...rest] = part.trim().split(/\s+/)
    if (rest.length > 0 || (direction !== 'asc' && direction !== 'desc')) {
      throw badRequest('/IWCOR/CX_DS_EXPR_SYNTAX_ERROR', `Invalid $orderby '${part.trim()}'`)
    }
    const property = type.properties.get(name)
    if (property === undefined) throw unknownProperty(name, type)
    if (!property.sortable) throw badRequest('/IWBEP/CM_MGW_RT/179', `Property '${name}' is not sortable`)
    return { property: name, descending: direction === 'desc' }
  })
}
