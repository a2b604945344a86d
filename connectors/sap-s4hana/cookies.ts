/** The cookies of one session. SAP ties its CSRF token to them, and opens a new session for a request without. */
export interface CookieJar {
  /** @param header `set-cookie` headers, joined by ", " */
  take(header: string | undefined): void
  /** `cookie` header; null = none. */
  header(): string | null
}

/**
 * Each `Set-Cookie` line of several joined by ", ". A comma inside a date (`Expires=Wed, 21 Oct …`) is followed by no
 * name and "=".
 */
export const cookieLines = (header: string): string[] =>
  header.split(/,\s*(?=[^\s;,="]+=)/).filter((line) => line.trim() !== '')

export function createCookieJar(): CookieJar {
  const cookies = new Map<string, string>()
  return {
    take(header) {
      if (header === undefined) return
      for (const line of cookieLines(header)) {
        const [pair = '', ...attributes] = line.split(';')
        const at = pair.indexOf('=')
        if (at < 1) continue
        const name = pair.slice(0, at).trim()
        if (isGone(attributes)) cookies.delete(name)
        else cookies.set(name, pair.slice(at + 1).trim())
      }
    },
    header: () => (cookies.size === 0 ? null : [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')),
  }
}

/** Expired on arrival: how a server takes a cookie away. A date long past is past on any clock. */
function isGone(attributes: readonly string[]): boolean {
  for (const attribute of attributes) {
    const [name = '', value = ''] = attribute.split('=').map((part) => part.trim())
    if (/^max-age$/i.test(name) && Number(value) <= 0) return true
    if (/^expires$/i.test(name) && Date.parse(value) < Date.UTC(2000, 0, 1)) return true
  }
  return false
}
