import { entryXml } from './atom.ts'
import type { Switches } from './faults.ts'
import { type Answer, JSON_TYPE } from './http.ts'
import { rowsJson, uriOf } from './json.ts'
import type { EntitySet, Property } from './model.ts'
import { type Below, type Fetched, type Plan, planOf } from './plan.ts'
import type { Shape } from './query/shape.ts'
import { etagHeader } from './read.ts'
import { type Cell, toCell } from './table.ts'
import { type Display, serviceRoot } from './values.ts'
import type { WriteAnswer, WrittenEntity } from './writes/context.ts'

/** What a write answers, on the wire. */
export function writtenAnswer(answer: WriteAnswer, display: Display, json: boolean, switches: Switches): Answer {
  const headers: Record<string, string> = { dataserviceversion: '2.0', ...messageHeader(answer.warnings ?? []) }
  if (answer.entity !== undefined) {
    const fetched = fetchedOf(answer.entity.set, [answer.entity])
    const row = fetched.rows[0] ?? []
    Object.assign(headers, etagHeader(fetched.plan, row))
    if (answer.status === 201) headers['location'] = locationOf(fetched.plan, row, display)
    if (!json) {
      headers['content-type'] = 'application/atom+xml;type=entry; charset=utf-8'
      return { status: answer.status, headers, body: entryXml(fetched, display) }
    }
    const emptyLists = answer.status === 201 && switches.emptyNestedOnCreate
    const [text = '{}'] = rowsJson(fetched, { display, invalidDate: null, emptyLists })
    headers['content-type'] = JSON_TYPE
    return { status: answer.status, headers, body: `{"d":${text}}` }
  }
  if (answer.result !== undefined) {
    const { name, type, value } = answer.result
    const inner = { __metadata: { type }, ...value }
    headers['content-type'] = JSON_TYPE
    const body = JSON.stringify({ d: switches.wrapFunctionResult ? { [name]: inner } : inner })
    return { status: answer.status, headers, body }
  }
  return { status: answer.status, headers, body: '' }
}

function locationOf(plan: Plan, row: readonly Cell[], display: Display): string {
  return uriOf(`${display.origin}${serviceRoot(plan.set.model)}/${plan.set.name}`, plan, row, display)
}

/** The first warning, with the others as its details. */
function messageHeader(warnings: readonly { code: string; message: string }[]): Record<string, string> {
  const [first, ...others] = warnings.map(({ code, message }) => ({
    code,
    message,
    severity: 'warning',
    target: '',
    transition: false,
  }))
  // header values are Latin-1: anything else goes as a JSON escape
  return first === undefined ? {} : { 'sap-message': ascii(JSON.stringify({ ...first, details: others })) }
}

function ascii(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Written entities as a level of rows: what any of them has below it is shown for all. */
function fetchedOf(set: EntitySet, entities: readonly WrittenEntity[]): Fetched {
  const plan = planOf(shapeOfWritten(set, entities))
  const properties = plan.columns.map((name) => set.type.properties.get(name) as Property)
  const rows = entities.map(({ row }) => properties.map((property) => toCell(property, row[property.name] ?? null)))
  const below = plan.links.map((link): Below | null => {
    if (link.plan === null) return null
    const groups = entities.map((entity) => listOf(entity.expanded[link.navigation.name]))
    return { counts: groups.map((group) => group.length), fetched: fetchedOf(link.navigation.target, groups.flat()) }
  })
  // a level below may show more than the plan of this one foresaw
  return {
    plan: { ...plan, links: plan.links.map((link, at) => ({ ...link, plan: below[at]?.fetched.plan ?? null })) },
    rows,
    below,
  }
}

function shapeOfWritten(set: EntitySet, entities: readonly WrittenEntity[]): Shape {
  return {
    set,
    properties: [...set.type.properties.values()],
    links: [...set.type.navigations.values()].map((navigation) => {
      const shown = entities.some((entity) => entity.expanded[navigation.name] !== undefined)
      return { navigation, shape: shown ? { set: navigation.target, properties: [], links: [] } : null }
    }),
  }
}

function listOf(value: readonly WrittenEntity[] | WrittenEntity | null | undefined): readonly WrittenEntity[] {
  if (value === null || value === undefined) return []
  return Array.isArray(value) ? (value as readonly WrittenEntity[]) : [value as WrittenEntity]
}
