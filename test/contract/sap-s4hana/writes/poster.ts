import type { JsonObject } from '../../../../core/index.ts'

/** Makes records as any client of SAP does: a token first, then POST. Returns the row that SAP answers. */
export async function createPoster(origin: string, username: string, password: string) {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  const headers = { authorization, accept: 'application/json' }
  const address = (service: string, path = '') => `${origin}/sap/opu/odata/sap/${service}/${path}?sap-client=100`
  const first = await fetch(address('API_BUSINESS_PARTNER'), { headers: { ...headers, 'x-csrf-token': 'Fetch' } })
  const token = first.headers.get('x-csrf-token') ?? ''
  const cookie = first.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ')
  return async function post(service: string, set: string, body: JsonObject): Promise<JsonObject> {
    const response = await fetch(address(service, set), {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', 'x-csrf-token': token, cookie },
      body: JSON.stringify(body),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`POST ${set}: ${response.status} ${text.slice(0, 500)}`)
    return (JSON.parse(text) as { d: JsonObject }).d
  }
}
