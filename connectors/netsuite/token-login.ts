import { realmOf } from './addresses.ts'
import type { Login } from './auth.ts'
import { type NetSuiteConfig, requireSettings } from './config.ts'
import { authorizationOf, newMoment } from './oauth1.ts'
import type { SignatureClock } from './server-clock.ts'

/** A timestamp further off than this is taken for the reason of a refusal. */
const TOLERANCE_MS = 60_000

/** Token-based authentication: every sending is signed anew, since a nonce counts once. */
export function tokenLogin(config: NetSuiteConfig, clock: SignatureClock): Login {
  const [consumerKey, consumerSecret, tokenId, tokenSecret] = requireSettings(config, [
    'consumer_key',
    'consumer_secret',
    'token_id',
    'token_secret',
  ])
  const credentials = { consumerKey, consumerSecret, tokenId, tokenSecret, realm: realmOf(config.account_id) }
  const sign = (method: string, url: string) =>
    Promise.resolve({ authorization: authorizationOf(credentials, method, url, newMoment(clock.now())) })
  return {
    who: `token ${tokenId.slice(0, 8)}… of account ${config.account_id}`,
    advice:
      'check account_id, consumer_key, consumer_secret, token_id and token_secret; the token, its user and role must be active (Setup > Users/Roles > Access Tokens), and the integration enabled for token-based authentication (Setup > Integration > Manage Integrations). Setup > Users/Roles > View Login Audit Trail tells the reason',
    pass: (method, url) => sign(method, url),
    renewed(_refused, date, method, url) {
      clock.correct(date, TOLERANCE_MS)
      return sign(method, url)
    },
  }
}
