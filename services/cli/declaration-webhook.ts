import {
  type AnyConnector,
  BUILT_IN_SCHEMES,
  type ConnectionWebhook,
  schemeOf,
  WEBHOOK_DEFAULTS,
  webhookKeyOf,
} from '../../core/index.ts'
import { type Report, section, webhook } from './sections.ts'

/** `true` = the defaults, `false` or nothing = none, or an object of what differs. Secrets in plain text. */
export function webhookOf(
  given: unknown,
  connector: AnyConnector | undefined,
  at: string,
  report: Report,
): ConnectionWebhook | null {
  if (given === undefined || given === null || given === false) return null
  const fields = given === true ? {} : given
  if (typeof fields !== 'object' || Array.isArray(fields)) {
    report(at, 'must be true, false, or an object of names and values')
    return null
  }
  const { scheme, secrets } = fields as { readonly scheme?: unknown; readonly secrets?: unknown }
  const listed = typeof secrets === 'string' ? { ...fields, secrets: [secrets] } : fields
  const wanted: ConnectionWebhook = { ...WEBHOOK_DEFAULTS, ...section(webhook, listed, at, report) }
  // a problem elsewhere must not hide that the scheme is unknown as well
  const named = typeof scheme === 'string' ? { ...wanted, scheme } : wanted
  if (connector !== undefined) checkScheme(named, secrets !== undefined, connector, at, report)
  return wanted
}

function checkScheme(
  wanted: ConnectionWebhook,
  hasSecrets: boolean,
  connector: AnyConnector,
  at: string,
  report: Report,
): void {
  const found = schemeOf({ webhook: wanted }, connector)
  if (found === null) {
    const known = new Set([...Object.keys(connector.webhook?.schemes ?? {}), ...Object.keys(BUILT_IN_SCHEMES)])
    report(`${at}.scheme`, `is not known; known for ${connector.id}: ${[...known].join(', ')}`)
    return
  }
  const { name, scheme } = found
  if (!hasSecrets && connector.webhook?.subscriptions === undefined)
    report(
      `${at}.secrets`,
      `is missing: ${connector.id} is told of the webhook by hand, with a secret (scheme ${name})`,
    )
  for (const [index, secret] of wanted.secrets.entries())
    if (scheme.alg !== 'none' && webhookKeyOf(scheme, secret as string) === null)
      report(`${at}.secrets[${index}]`, `is no secret of scheme ${name}, which wants ${SHAPES[scheme.key]}`)
}

const SHAPES = {
  utf8: 'text',
  base64: 'base64',
  'base64-after-prefix': 'base64 behind a prefix, like whsec_…',
  'sha256hex-of-secret': 'text',
} as const
