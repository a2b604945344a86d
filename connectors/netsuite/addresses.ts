import type { NetSuiteConfig } from './config.ts'

/** `https://1234567-sb1.suitetalk.api.netsuite.com` of account `1234567_SB1`, or what the settings say; no slash at the end. */
export function originOf({ base_url, account_id }: Pick<NetSuiteConfig, 'base_url' | 'account_id'>): string {
  if (base_url !== null) return base_url.replace(/\/+$/, '').replace(/\/services\/rest$/, '')
  return `https://${account_id.trim().toLowerCase().replaceAll('_', '-')}.suitetalk.api.netsuite.com`
}

/** Account id as OAuth 1.0 wants it. */
export const realmOf = (accountId: string): string => accountId.trim().toUpperCase().replaceAll('-', '_')

export const restAddress = (config: NetSuiteConfig, path: string): string => `${originOf(config)}/services/rest${path}`

export const tokenAddress = (config: NetSuiteConfig): string => restAddress(config, '/auth/oauth2/v1/token')
