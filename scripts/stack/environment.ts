import type { Addresses, TrytonAccess } from './addresses.ts'
import { StackError } from './errors.ts'

export type Given = { -readonly [P in keyof Addresses]?: Addresses[P] }

const HTTP = ['http:', 'https:'] as const
const POSTGRES = ['postgresql:', 'postgres:'] as const
const URLS = [
  ['registry', 'TRIBUTARY_REGISTRY_URL', HTTP],
  ['connect', 'TRIBUTARY_CONNECT_URL', HTTP],
  ['postgres', 'TRIBUTARY_POSTGRES_URL', POSTGRES],
] as const

/**
 * Parts whose addresses the environment gives; any subset. Tryton also takes TRIBUTARY_TRYTON_DATABASE, _USER and
 * _PASSWORD (default tryton, admin, admin). Where Connect needs other addresses than this process:
 * TRIBUTARY_REGISTRY_URL_FROM_CONNECT, TRIBUTARY_POSTGRES_URL_FROM_CONNECT.
 * @throws StackError naming every variable that is not an address
 */
export function givenAddresses(env: NodeJS.ProcessEnv = process.env): Given {
  const given: Given = {}
  const problems: string[] = []
  const check = (variable: string, protocols: readonly string[]): string | null => {
    const text = env[variable]?.trim()
    if (text === undefined || text === '') return null
    if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return text.replace(/\/+$/, '')
    problems.push(`${variable} must be a URL starting with ${protocols.map((p) => `${p}//`).join(' or ')}`)
    return null
  }
  const brokers = env['TRIBUTARY_KAFKA_BROKERS']?.trim()
  if (brokers !== undefined && brokers !== '') {
    if (brokers.split(',').every((broker) => /^\s*\S+:\d+\s*$/.test(broker))) given.kafka = brokers
    else problems.push('TRIBUTARY_KAFKA_BROKERS must be host:port, several separated by commas')
  }
  for (const [part, variable, protocols] of URLS) {
    const url = check(variable, protocols)
    if (url !== null) given[part] = url
  }
  const registryFromConnect = check('TRIBUTARY_REGISTRY_URL_FROM_CONNECT', HTTP)
  const postgresFromConnect = check('TRIBUTARY_POSTGRES_URL_FROM_CONNECT', POSTGRES)
  if (registryFromConnect !== null || postgresFromConnect !== null) {
    given.fromConnect = {
      ...(registryFromConnect === null ? {} : { registry: registryFromConnect }),
      ...(postgresFromConnect === null ? {} : { postgres: postgresFromConnect }),
    }
  }
  const tryton = check('TRIBUTARY_TRYTON_URL', HTTP)
  if (tryton !== null) given.tryton = trytonAccess(tryton, env)
  if (problems.length > 0) throw new StackError(problems.join('; '))
  return given
}

const trytonAccess = (url: string, env: NodeJS.ProcessEnv): TrytonAccess => ({
  url,
  database: env['TRIBUTARY_TRYTON_DATABASE'] || 'tryton',
  user: env['TRIBUTARY_TRYTON_USER'] || 'admin',
  password: env['TRIBUTARY_TRYTON_PASSWORD'] || 'admin',
})
