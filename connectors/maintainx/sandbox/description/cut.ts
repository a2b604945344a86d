/**
 * Cuts the vendor's OpenAPI description down to what the sandbox serves:
 *   node connectors/maintainx/sandbox/description/cut.ts <openapi.json of the vendor>
 * Source, version and what is kept: README.md of the sandbox.
 */
import { readFileSync, writeFileSync } from 'node:fs'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type JsonObject = { [key: string]: Json }

/** Everything below these paths, but no files: attachments and thumbnails are not served. */
const SERVED = [
  'assets',
  'assetcriticalities',
  'assetcustomstatuses',
  'assetstatuses',
  'categories',
  'customfields',
  'locations',
  'organizations',
  'parts',
  'parttransferrequests',
  'purchaseorders',
  'subscriptions',
  'teams',
  'users',
  'vendors',
  'workorders',
]
const NOT_SERVED = /attachment|thumbnail|emails|messages|procedure/
/** Texts for people; they are nine tenths of the file. */
const PROSE = new Set([
  'description',
  'example',
  'examples',
  'title',
  'x-logo',
  'x-codeSamples',
  'tags',
  'externalDocs',
])

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** @param named the keys of this object are names the vendor chose, not words of OpenAPI */
function withoutProse(value: Json, named = false): Json {
  if (Array.isArray(value)) return value.map((each) => withoutProse(each))
  if (!isObject(value)) return value
  const kept: JsonObject = {}
  for (const [key, each] of Object.entries(value)) {
    if (!named && PROSE.has(key) && !isResponseText(key, value)) continue
    kept[key] = withoutProse(each, !named && (key === 'properties' || key === 'patternProperties'))
  }
  return kept
}

/** OpenAPI wants a description of each response. */
const isResponseText = (key: string, owner: JsonObject): boolean =>
  key === 'description' &&
  typeof owner['description'] === 'string' &&
  !('type' in owner) &&
  !('schema' in owner) &&
  !('in' in owner)

export function cut(whole: JsonObject): JsonObject {
  const paths = Object.fromEntries(
    Object.entries(whole['paths'] as JsonObject).filter(
      ([path]) => SERVED.includes(path.split('/')[1] ?? '') && !NOT_SERVED.test(path),
    ),
  )
  const { title, version } = whole['info'] as JsonObject
  return {
    openapi: whole['openapi'] ?? '',
    info: { title: title ?? '', version: version ?? '' },
    servers: withoutProse(whole['servers'] ?? []),
    security: whole['security'] ?? [],
    paths: withoutProse(paths),
    components: withoutProse(whole['components'] ?? {}),
    'x-webhooks': withoutProse(whole['x-webhooks'] ?? {}),
  }
}

/** A line for each path and each kind of event, so that a new version can be compared with the old one. */
function linesOf(description: JsonObject): string {
  const parts = Object.entries(description).map(([key, value]) => {
    if (key !== 'paths' && key !== 'x-webhooks') return `${JSON.stringify(key)}: ${JSON.stringify(value)}`
    const entries = Object.entries(value as JsonObject)
    const lines = entries.map(([name, each]) => `  ${JSON.stringify(name)}: ${JSON.stringify(each)}`)
    return `${JSON.stringify(key)}: {\n${lines.join(',\n')}\n}`
  })
  return `{\n${parts.join(',\n')}\n}\n`
}

if (import.meta.main) {
  const [source] = process.argv.slice(2)
  if (source === undefined) {
    console.error('usage: node connectors/maintainx/sandbox/description/cut.ts <openapi.json of the vendor>')
    process.exit(2)
  }
  const whole = JSON.parse(readFileSync(source, 'utf8')) as JsonObject
  writeFileSync(new URL('generated/openapi.json', import.meta.url), linesOf(cut(whole)))
}
