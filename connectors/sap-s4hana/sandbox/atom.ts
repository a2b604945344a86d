import type { Property } from './model.ts'
import type { Fetched } from './plan.ts'
import type { Cell } from './table.ts'
import { uriOf } from './json.ts'
import { type Display, etagOf, isoDateTime, serviceRoot, shownText } from './values.ts'

const NAMESPACES =
  'xmlns="http://www.w3.org/2005/Atom" xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata" ' +
  'xmlns:d="http://schemas.microsoft.com/ado/2007/08/dataservices"'
export const XML_HEAD = '<?xml version="1.0" encoding="utf-8"?>'

/** A feed: what callers get that did not ask for JSON. */
export function feedXml(
  fetched: Fetched,
  id: string,
  display: Display,
  count: number | null,
  next: string | null,
): string {
  const counted = count === null ? '' : `<m:count>${count}</m:count>`
  const link = next === null ? '' : `<link href="${escapeXml(next)}" rel="next"/>`
  const base = escapeXml(`${display.origin}${serviceRoot(fetched.plan.set.model)}/`)
  const title = fetched.plan.set.name
  return `${XML_HEAD}<feed ${NAMESPACES} xml:base="${base}"><id>${escapeXml(id)}</id><title type="text">${title}</title>${counted}${entries(fetched, display, '').join('')}${link}</feed>`
}

export function entryXml(fetched: Fetched, display: Display): string {
  return XML_HEAD + (entries(fetched, display, ` ${NAMESPACES}`)[0] ?? '')
}

function entries(fetched: Fetched, display: Display, attributes: string): string[] {
  const { plan, rows } = fetched
  const root = `${display.origin}${serviceRoot(plan.set.model)}/${plan.set.name}`
  const below = fetched.below.map((it) => (it === null ? [] : entries(it.fetched, display, '')))
  const next = below.map(() => 0)
  return rows.map((row, n) => {
    const uri = uriOf(root, plan, row, display)
    const etag =
      plan.stamps.length === 0 ? '' : ` m:etag="${escapeXml(etagOf(plan.stamps.map(({ at }) => row[at] ?? null)))}"`
    const links = plan.links.map(({ navigation }, at) => {
      const count = fetched.below[at]?.counts[n]
      const kind = navigation.many ? 'feed' : 'entry'
      const open = `<link href="${escapeXml(`${uri}/${navigation.name}`)}" rel="http://schemas.microsoft.com/ado/2007/08/dataservices/related/${navigation.name}" type="application/atom+xml;type=${kind}" title="${navigation.name}"`
      if (count === undefined) return `${open}/>`
      const inner = (below[at] ?? []).slice(next[at], (next[at] ?? 0) + count).join('')
      next[at] = (next[at] ?? 0) + count
      return `${open}><m:inline>${navigation.many ? `<feed>${inner}</feed>` : inner}</m:inline></link>`
    })
    const properties = plan.shown.map(({ property, at }) => propertyXml(property, row[at] ?? null, display, ''))
    return (
      `<entry${attributes}${etag}><id>${escapeXml(uri)}</id><title type="text">${escapeXml(uri.slice(uri.lastIndexOf('/') + 1))}</title>` +
      `<category term="${plan.set.type.qualifiedName}" scheme="http://schemas.microsoft.com/ado/2007/08/dataservices/scheme"/>` +
      `${links.join('')}<content type="application/xml"><m:properties>${properties.join('')}</m:properties></content></entry>`
    )
  })
}

export function propertyXml(property: Property, cell: Cell, display: Display, attributes: string): string {
  if (cell === null) return `<d:${property.name}${attributes} m:null="true"/>`
  return `<d:${property.name}${attributes}>${escapeXml(plainText(property, cell, display))}</d:${property.name}>`
}

export const PROPERTY_NAMESPACES =
  ' xmlns:d="http://schemas.microsoft.com/ado/2007/08/dataservices" xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"'

/** A value as XML and `$value` show it. */
export function plainText(property: Property, cell: Cell, display: Display): string {
  switch (property.type) {
    case 'Edm.Boolean':
      return cell === 1 ? 'true' : 'false'
    case 'Edm.DateTime':
      return isoDateTime(cell)
    case 'Edm.DateTimeOffset':
      return typeof cell === 'number' ? `${isoDateTime(cell)}Z` : (cell ?? '')
    default:
      return shownText(property, String(cell ?? ''), display)
  }
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
