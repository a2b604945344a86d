import { AuthError, type Failure, RetryableError } from '../../../../core/index.ts'
import { never } from '../harness.ts'
import { type Fault, isRefused, withConnector, withHttp, withRead } from './plant.ts'

/** Found by the rules of declaration, connecting and running. */
export const CONNECTING_FAULTS: readonly Fault[] = [
  {
    title: 'has an id that no folder has',
    finds: ['D1'],
    complaint: /is not a valid id/,
    plant: (harness) => withConnector(harness, { id: 'No_Folder' }),
  },
  {
    title: 'takes settings that it does not know',
    finds: ['D2'],
    complaint: /no word about no_such_setting/,
    plant(harness) {
      const { config } = harness.connector
      const parse = (input: Parameters<typeof config.parse>[0]) => {
        const { no_such_setting: _ignored, ...known } = input as { no_such_setting?: unknown }
        return config.parse(known)
      }
      return withConnector(harness, { config: { ...config, parse } })
    },
  },
  {
    title: 'tells one problem at a time',
    finds: ['D2'],
    complaint: /no word about/,
    plant(harness) {
      const { config } = harness.connector
      const parse = (input: Parameters<typeof config.parse>[0]) => {
        const parsed = config.parse(input)
        return parsed.ok ? parsed : { ...parsed, problems: parsed.problems.slice(0, 1) }
      }
      return withConnector(harness, { config: { ...config, parse } })
    },
  },
  {
    title: 'names the password in its errors',
    finds: ['D3'],
    complaint: /names a secret/,
    plant(harness) {
      const { connector } = harness
      return withConnector(harness, {
        connect: (config, http, signal) =>
          connector.connect(config, http, signal).catch((error: Error) => {
            const secrets = connector.config.secretFields.map((field) => String(config[field]))
            throw error instanceof AuthError ? new AuthError(`${error.message} (tried ${secrets.join()})`) : error
          }),
      })
    },
  },
  {
    title: 'shows secrets among its settings',
    finds: ['D3'],
    complaint: /still hold a secret/,
    plant(harness) {
      const { config } = harness.connector
      return withConnector(harness, { config: { ...config, redact: (input) => input as never } })
    },
  },
  {
    title: 'does not document a stream',
    finds: ['D4'],
    complaint: /says nothing of/,
    plant(harness) {
      const [stream] = Object.keys(harness.connector.streams)
      return { ...harness, readme: harness.readme.replaceAll(`\`${stream}\``, 'this and that') }
    },
  },
  {
    title: 'takes a wrong password for a broken line',
    finds: ['C1'],
    complaint: /is no AuthError/,
    plant(harness) {
      const { connector } = harness
      return withConnector(harness, {
        connect: (config, http, signal) =>
          connector.connect(config, http, signal).catch((error: Error) => {
            throw error instanceof AuthError ? new RetryableError(error.message) : error
          }),
      })
    },
  },
  {
    title: 'logs in twice where once is enough',
    finds: ['C2'],
    complaint: /\d+ logins for one expired session/,
    plant: (harness) =>
      withHttp(harness, (http) => async (request) => {
        if (harness.isLogin({ body: String(request.body ?? '') })) await http.request(request)
        return http.request(request)
      }),
  },
  {
    title: 'never renews its session',
    finds: ['C2'],
    complaint: /./,
    plant: (harness) =>
      withHttp(harness, (http) => {
        let logins = 0
        return (request) => {
          if (harness.isLogin({ body: String(request.body ?? '') }) && ++logins > 1)
            throw new AuthError('the session has ended')
          return http.request(request)
        }
      }),
  },
  {
    title: 'takes refused credentials for an empty source',
    finds: ['C3'],
    complaint: /with the old password: null/,
    plant: (harness) =>
      withRead(
        harness,
        (read) =>
          async function* (session, range, signal) {
            try {
              yield* read(session, range, signal)
            } catch (error) {
              if (!(error instanceof AuthError) || error.streamOnly) throw error
            }
          },
      ),
  },
  {
    title: 'ignores an abort',
    finds: ['C4'],
    complaint: /timed out|more than a second|still open|complete/,
    plant: (harness) => withRead(harness, (read) => (session, range) => read(session, range, never())),
  },
  {
    title: 'asks our own clock',
    finds: ['R6'],
    complaint: /is not the system's time/,
    plant: (harness) => withConnector(harness, { clock: async () => Date.now() }),
  },
  {
    title: 'throws what is none of the five failures',
    finds: ['T1'],
    complaint: /told as a bug/,
    plant: (harness) =>
      withRead(
        harness,
        (read) =>
          async function* (session, range, signal) {
            try {
              yield* read(session, range, signal)
            } catch (error) {
              throw isRefused(error) ? new Error((error as Failure).message) : error
            }
          },
      ),
  },
  {
    title: 'takes a refusal for the end of the list',
    finds: ['T2', 'T1'],
    complaint: /waited in vain until a failure is logged/,
    plant: (harness) =>
      withRead(
        harness,
        (read) =>
          async function* (session, range, signal) {
            try {
              yield* read(session, range, signal)
            } catch (error) {
              if (!isRefused(error)) throw error
            }
          },
      ),
  },
]
