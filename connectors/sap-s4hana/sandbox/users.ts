/** Who may log in. Objects are live: a test locks a user or changes a password by writing to them. */
export interface SandboxUser {
  name: string
  password: string
  /** Refused whatever the password. */
  locked?: boolean
  /** Services the user has no authorization for. */
  deniedServices?: string[]
}

export interface OAuthClient {
  id: string
  secret: string
  /** The user its tokens act for. */
  user: string
}

export const DEFAULT_USER: SandboxUser = { name: 'TRIBUTARY', password: 'Welcome-1' }
export const DEFAULT_CLIENT: OAuthClient = { id: 'tributary', secret: 's3cret-client', user: 'TRIBUTARY' }
