import {
  type AnyConnector,
  CONNECTIONS,
  type Clock,
  type Connection,
  type ConnectionScheme,
  createVerifier,
  decodeConnection,
  describeError,
  followTopic,
  type KafkaClient,
  type Logger,
  type SecretBox,
  schemeOf,
  type Verifier,
  WEBHOOK_STATE,
  type WebhookState,
  webhookSecrets,
} from '../../core/index.ts'
import { type Budget, createBudget } from './budget.ts'
import type { Figures } from './figures.ts'

/** What the receiver knows of a connection that takes deliveries. */
export interface Target {
  readonly connection: Connection
  readonly state: WebhookState | null
  readonly budget: Budget
  /** Null = it names one that does not exist. */
  readonly scheme: ConnectionScheme | null
  /** Null = its deliveries cannot be checked. */
  readonly verifier: Verifier | null
  /** Of each secret of the verifier: false = it is the one before. */
  readonly current: readonly boolean[]
  /** Epoch ms: until then it stays as it is, if nothing is changed. */
  readonly until: number
}

/** The connections that take deliveries, as the topics say at present. */
export interface Directory {
  /** Null = no such connection, or it takes no deliveries. */
  find(connectionId: string): Target | null
  /** Changes made so far are known. Rejects when they cannot be read. */
  readonly ready: Promise<void>
  close(): Promise<void>
}

export interface DirectoryOptions {
  readonly connectorOf: (system: string) => AnyConnector | undefined
  readonly box: () => SecretBox
  readonly clock: Clock
  readonly log: Logger
  readonly figures: Pick<Figures, 'burstSeconds' | 'bytesPerDelivery' | 'burstBytes'>
}

/** What is known, and how records of the two topics change it. */
export interface Register extends Pick<Directory, 'find'> {
  connection(id: string, value: Buffer | null): void
  state(id: string, value: Buffer | null): void
}

export function createRegister(options: DirectoryOptions): Register {
  const { clock, log, figures } = options
  const connections = new Map<string, Connection>()
  const states = new Map<string, WebhookState>()
  const targets = new Map<string, Target>()
  /** Kept when anything else changes: a new secret must not refill the budget. */
  const budgets = new Map<string, { readonly perSecond: number; readonly budget: Budget }>()

  const budgetOf = (id: string, perSecond: number): Budget => {
    const known = budgets.get(id)
    if (known?.perSecond === perSecond) return known.budget
    const budget = createBudget({ deliveriesPerSecond: perSecond, ...figures }, clock.now())
    budgets.set(id, { perSecond, budget })
    return budget
  }

  const checkOf = (
    connection: Connection,
    state: WebhookState | null,
  ): Pick<Target, 'scheme' | 'verifier' | 'current'> => {
    const tell = (problem: string): void =>
      log.warn({ connection: connection.id }, `deliveries to connection ${connection.id} cannot be checked: ${problem}`)
    const scheme = schemeOf(connection, options.connectorOf(connection.system))
    try {
      if (scheme === null) throw new Error(`there is no scheme "${connection.webhook?.scheme}"`)
      const secrets = webhookSecrets(connection, state, options.box, clock.now())
      // While a webhook is being set up it has none.
      if (secrets.length === 0) return { scheme, verifier: null, current: [] }
      const plain = secrets.map(({ secret }) => secret)
      const verifier = createVerifier(scheme.scheme, plain)
      if (verifier.problems.length > 0) tell(verifier.problems.join('; '))
      return { scheme, verifier, current: secrets.map((each) => each.current) }
    } catch (error) {
      tell(describeError(error))
      return { scheme, verifier: null, current: [] }
    }
  }

  const build = (id: string): Target | null => {
    const connection = connections.get(id)
    if (connection === undefined || connection.webhook === null || connection.status !== 'active') return null
    const state = states.get(id) ?? null
    const ends = (state?.retired ?? []).map(({ until }) => until).filter((until) => until > clock.now())
    const budget = budgetOf(id, connection.webhook.deliveriesPerSecond)
    const until = Math.min(...ends, Number.POSITIVE_INFINITY)
    return { connection, state, budget, ...checkOf(connection, state), until }
  }

  const parsed = <T>(what: string, id: string, parse: () => T): T | null => {
    try {
      return parse()
    } catch (error) {
      log.warn({ connection: id, err: error }, `reading ${what} of connection ${id}`)
      return null
    }
  }

  return {
    find(id) {
      const known = targets.get(id)
      if (known !== undefined && known.until > clock.now()) return known
      const built = build(id)
      if (built === null) targets.delete(id)
      else targets.set(id, built)
      return built
    },
    connection(id, value) {
      targets.delete(id)
      const connection = value === null ? null : parsed('the record', id, () => decodeConnection(value))
      if (connection !== null) connections.set(id, connection)
      else {
        connections.delete(id)
        budgets.delete(id)
      }
    },
    state(id, value) {
      targets.delete(id)
      const state =
        value === null ? null : parsed('webhook-state', id, () => JSON.parse(value.toString()) as WebhookState)
      if (state === null) states.delete(id)
      else states.set(id, state)
    },
  }
}

/** Follows `connections` and `webhook-state`. */
export function openDirectory(
  kafka: KafkaClient,
  options: DirectoryOptions & { readonly onFailure: (error: Error) => void },
): Directory {
  const register = createRegister(options)
  const follow = (topic: string, apply: (id: string, value: Buffer | null) => void) =>
    followTopic(kafka, topic, ({ key, value }) => key !== null && apply(key.toString(), value), options)
  const followers = [
    follow(CONNECTIONS, (id, value) => register.connection(id, value)),
    follow(WEBHOOK_STATE, (id, value) => register.state(id, value)),
  ]
  return {
    find: register.find,
    ready: Promise.all(followers.map(({ ready }) => ready)).then(() => undefined),
    async close() {
      await Promise.all(followers.map((follower) => follower.close()))
    },
  }
}
