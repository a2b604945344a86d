import { escapeXml, XML_HEAD } from './atom.ts'
import { type Answer, JSON_TYPE } from './http.ts'
import type { Model } from './model.ts'
import { serviceRoot } from './values.ts'

export function metadataAnswer(model: Model): Answer {
  return {
    status: 200,
    headers: { 'content-type': 'application/xml; charset=utf-8', dataserviceversion: '2.0' },
    body: model.edmx,
  }
}

export function serviceDocument(model: Model, origin: string, json: boolean): Answer {
  const names = [...model.sets.keys()]
  if (json) {
    return {
      status: 200,
      headers: { 'content-type': JSON_TYPE, dataserviceversion: '2.0' },
      body: JSON.stringify({ d: { EntitySets: names } }),
    }
  }
  const collections = names.map(
    (name) => `<app:collection href="${name}"><atom:title type="text">${name}</atom:title></app:collection>`,
  )
  return {
    status: 200,
    headers: { 'content-type': 'application/atomsvc+xml; charset=utf-8', dataserviceversion: '2.0' },
    body:
      `${XML_HEAD}<app:service xmlns:app="http://www.w3.org/2007/app" xmlns:atom="http://www.w3.org/2005/Atom" ` +
      `xml:base="${escapeXml(`${origin}${serviceRoot(model)}/`)}"><app:workspace>` +
      `<atom:title type="text">Data</atom:title>${collections.join('')}</app:workspace></app:service>`,
  }
}
