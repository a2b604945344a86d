import type { SapConfig } from './config.ts'

type Place = Pick<SapConfig, 'base_url' | 'sap_client' | 'language'>
export type Query = { readonly [option: string]: string }

/** Everything is asked at the configured address: SAP names internal hosts and ports when it sits behind a proxy. */
const rootOf = ({ base_url }: Place): string => base_url.replace(/\/+$/, '')

const ROOT = '/sap/opu/odata/sap/'

/** Client and language, which every request names. */
const standing = ({ sap_client, language }: Place): Query => ({
  ...(sap_client === null ? {} : { 'sap-client': sap_client }),
  'sap-language': language,
})

const encoded = (query: Query): string =>
  Object.entries(query)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')

/** @param path relative to the service, percent-encoded; query values are not */
export const addressOf = (place: Place, service: string, path: string, query: Query = {}): string =>
  `${rootOf(place)}${ROOT}${service}/${path}?${encoded({ ...standing(place), ...query })}`

/**
 * An address that SAP gave, at the configured origin; path and query stay letter by letter. One without a leading slash
 * is relative to the service.
 */
export function rebased(place: Place, service: string, given: string): string {
  const rest = given.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '')
  const [path = '', ...queries] = rest.split('?')
  const query = queries.join('?')
  const prefix = new URL(rootOf(place)).pathname.replace(/\/+$/, '')
  const absolute = path.startsWith('/') ? path : `${ROOT}${service}/${path}`
  const full = prefix !== '' && absolute.startsWith(`${prefix}/`) ? absolute.slice(prefix.length) : absolute
  const missing = encoded(
    Object.fromEntries(Object.entries(standing(place)).filter(([name]) => !new RegExp(`(^|&)${name}=`).test(query))),
  )
  return `${rootOf(place)}${full}?${[query, missing].filter((each) => each !== '').join('&')}`
}

export const tokenAddress = (config: Place & Pick<SapConfig, 'token_url'>): string =>
  config.token_url ??
  `${rootOf(config)}/sap/bc/sec/oauth2/token${config.sap_client === null ? '' : `?sap-client=${config.sap_client}`}`
