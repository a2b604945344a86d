import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'

/** What the account gave the integration. Both key pairs are mapped to the same user and role. */
export interface Credentials {
  readonly clientId: string
  /** Of the EC P-256 key: for ES256. */
  readonly certificateId: string
  /** PEM, PKCS #8. */
  readonly privateKey: string
  readonly rsaCertificateId: string
  /** PEM, PKCS #8, RSA 3072: for PS256, PS384, PS512. Made when it is first asked for. */
  readonly rsaPrivateKey: string
  readonly consumerKey: string
  readonly consumerSecret: string
  readonly tokenId: string
  readonly tokenSecret: string
}

/** Certificates the account knows, by id. Taking one away revokes it. */
export type Certificates = Map<string, () => KeyObject>

// One pair a process: a sandbox is started often in tests, and an RSA key takes half a second.
let ecPair: string | null = null
let rsaPair: string | null = null

export function createCredentials(given: Partial<Credentials> = {}): {
  credentials: Credentials
  certificates: Certificates
} {
  const credentials: Credentials = {
    clientId: '6794a3086e4f61a120350d01b8527aed3631472ef33412212495be65a8fc8d4c',
    certificateId: 'trbEC_GJmAaWjJ1CG4SJqwtVFD4nnQZ_uS0SoXgd8p4',
    rsaCertificateId: 'trbRSA_q7MjnWcYJ0kS4rhbNfLdSfPV3nP2HVDnDMfJ4c',
    consumerKey: 'ef40afdd8abaac111b13825dd5e5e2ddddb44f86d5a0dd6dcf38c20aae6b67e4',
    consumerSecret: 'd26ad321a4b2f23b0741c8d38392ce01c3e23e109df6c96eac6d099e9ab9e8b5',
    tokenId: '2b0ce516420110bcbd36b69e99196d1b7f6de3c6234c5afb799b73d87569f5cc',
    tokenSecret: 'c29a677df7d5439a458c063654187e3d678d73aca8e3c9d8bea1478a3eb0d295',
    ...given,
    get privateKey() {
      if (given.privateKey !== undefined) return given.privateKey
      ecPair ??= newKey('ec')
      return ecPair
    },
    get rsaPrivateKey() {
      if (given.rsaPrivateKey !== undefined) return given.rsaPrivateKey
      rsaPair ??= newKey('rsa')
      return rsaPair
    },
  }
  const certificates: Certificates = new Map([
    [credentials.certificateId, () => createPublicKey(credentials.privateKey)],
    [credentials.rsaCertificateId, () => createPublicKey(credentials.rsaPrivateKey)],
  ])
  return { credentials, certificates }
}

function newKey(kind: 'ec' | 'rsa'): string {
  const { privateKey } =
    kind === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 3072 })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}
