/**
 * Keeps secrets out of everything people read. Whoever opens a secret calls `hideSecret`; loggers and error texts go
 * through `scrub`. The cost of `scrub` grows with the text, not with the number of secrets.
 */

const HIDDEN = '[hidden]'
/** Shorter values cannot be told from ordinary text; a whole field of that name is still redacted. */
const SHORTEST = 4

/** First characters of a secret → its forms, longest first, with how many owners each has. */
const formsByStart = new Map<string, { form: string; owners: number }[]>()

function formsOf(secret: string): string[] {
  const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]
  const bytes = Buffer.from(secret)
  // A secret inside a base64 credential ("user:secret") is not found by its own base64; header redaction covers that.
  forms.push(bytes.toString('base64'), bytes.toString('base64url'))
  return [...new Set(forms)].filter((form) => form.length >= SHORTEST)
}

/** Makes `scrub` hide this value in all its usual spellings. Returns how to forget it again. */
export function hideSecret(secret: string): () => void {
  const forms = formsOf(secret)
  for (const form of forms) {
    const start = form.slice(0, SHORTEST)
    const entries = formsByStart.get(start) ?? []
    const known = entries.find((entry) => entry.form === form)
    if (known === undefined) entries.push({ form, owners: 1 })
    else known.owners++
    entries.sort((a, b) => b.form.length - a.form.length)
    formsByStart.set(start, entries)
  }
  let active = true
  return () => {
    if (!active) return
    active = false
    for (const form of forms) forget(form)
  }
}

function forget(form: string): void {
  const start = form.slice(0, SHORTEST)
  const left = (formsByStart.get(start) ?? []).filter((entry) => entry.form !== form || --entry.owners > 0)
  if (left.length === 0) formsByStart.delete(start)
  else formsByStart.set(start, left)
}

/** The text with every known secret replaced. */
export function scrub(text: string): string {
  if (formsByStart.size === 0) return text
  let out = ''
  let copied = 0
  for (let at = 0; at + SHORTEST <= text.length; ) {
    const hit = formsByStart.get(text.slice(at, at + SHORTEST))?.find((entry) => text.startsWith(entry.form, at))
    if (hit === undefined) {
      at++
      continue
    }
    out += text.slice(copied, at) + HIDDEN
    at += hit.form.length
    copied = at
  }
  return copied === 0 ? text : out + text.slice(copied)
}

const SENSITIVE_NAME = /authorization|cookie|token|secret|password|passwd|api[-_]?key|csrf|signature/i

export const isSensitiveName = (name: string): boolean => SENSITIVE_NAME.test(name)

/** Header map for logs: values of credentials replaced, the rest scrubbed. */
export function redactHeaders(headers: { readonly [name: string]: string }): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, isSensitiveName(name) ? HIDDEN : scrub(value)]),
  )
}

/** URL for logs and errors: no user, no password, no value of a query parameter that looks like a credential. */
export function redactUrl(url: string | URL): string {
  const shown = new URL(url)
  shown.username = ''
  shown.password = ''
  // A copy of the names: `set` drops repeated parameters, and the live iterator would then skip one.
  // oxlint-disable-next-line no-useless-spread
  for (const name of [...shown.searchParams.keys()]) {
    if (isSensitiveName(name)) shown.searchParams.set(name, HIDDEN)
  }
  return scrub(shown.toString())
}
