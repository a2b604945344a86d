/** JSON in the repository's layout: like JSON.stringify with two spaces, but what fits in 120 columns stays on a line. */
export function layoutJson(value: unknown): string {
  return `${layout(value, '')}\n`
}

function layout(value: unknown, indent: string): string {
  const flat = flatJson(value)
  if (value === null || typeof value !== 'object' || flat.length + indent.length <= 116) return flat
  const inner = `${indent}  `
  const parts = Array.isArray(value)
    ? value.map((item) => inner + layout(item, inner))
    : Object.entries(value).map(([key, item]) => `${inner}${JSON.stringify(key)}: ${layout(item, inner)}`)
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  return `${open}\n${parts.join(',\n')}\n${indent}${close}`
}

function flatJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(flatJson).join(', ')}]`
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${flatJson(item)}`)
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`
}
