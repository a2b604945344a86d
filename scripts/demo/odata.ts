/** Plain reading of OData V2 services, for facts. Shares nothing with any connector. */
export type Entry = { readonly [property: string]: unknown }

export interface OData {
  /** `$count` of a set, `API_PLANT_SRV/A_Plant`, with a `$filter` if one is given. */
  count(set: string, filter?: string): Promise<number>
  /** Entries of a set; all pages, when no `$top` is given. */
  list(set: string, query: Readonly<Record<string, string>>): Promise<Entry[]>
}

/** @param root `http://host/sap/opu/odata/sap` */
export function openOData(root: string, login: { readonly user: string; readonly password: string }): OData {
  const authorization = `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`
  async function get(url: string): Promise<string> {
    const response = await fetch(url, {
      headers: { authorization, accept: 'application/json, text/plain' },
      signal: AbortSignal.timeout(30_000),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${url}: HTTP ${response.status} ${text.slice(0, 300)}`)
    return text
  }
  const at = (path: string, query: Readonly<Record<string, string>>): string => {
    const options = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    return `${root}/${path}${options.length === 0 ? '' : `?${options.join('&')}`}`
  }
  return {
    async count(set, filter) {
      const text = await get(at(`${set}/$count`, filter === undefined ? {} : { $filter: filter }))
      if (!/^\d+$/.test(text.trim())) throw new Error(`${set}/$count is not a number: ${text.slice(0, 100)}`)
      return Number(text)
    },
    async list(set, query) {
      const entries: Entry[] = []
      let url: string | undefined = at(set, { ...query, $format: 'json' })
      while (url !== undefined) {
        const { d } = JSON.parse(await get(url)) as { d: { results: Entry[]; __next?: string } }
        entries.push(...d.results)
        url = query['$top'] === undefined ? d.__next : undefined
      }
      return entries
    },
  }
}
