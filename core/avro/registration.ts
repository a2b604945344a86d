import { COMPATIBILITY, SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry'
import { describeError } from '../errors.ts'
import { RegistryUnavailableError, SchemaRefusedError } from './errors.ts'
import type { RegistryHttp } from './registry-http.ts'
import type { Subject } from './subjects.ts'

export interface Registration {
  /** Registers the schema under the subject (again: the same id), with the subject's compatibility; returns its id. */
  readonly register: (subject: Subject, schema: object) => Promise<number>
  /** The id of a schema that somebody registered before. */
  readonly lookUp: (subject: Subject, schema: object) => Promise<number>
  /** Decodes a framed record as any standard client does. */
  readonly decode: (value: Buffer) => Promise<unknown>
}

/** Registers and looks up through the registry's client library. */
export function createRegistration(http: RegistryHttp): Registration {
  const options = { host: http.url, clientId: 'tributary', ...(http.auth === undefined ? {} : { auth: http.auth }) }
  const registry = new SchemaRegistry(options)
  const text = (schema: object) => ({ type: SchemaType.AVRO as const, schema: JSON.stringify(schema) })

  return {
    async register(subject, schema) {
      if ((await http.compatibilityOf(subject.name)) !== subject.compatibility) {
        await http.setCompatibility(subject.name, subject.compatibility)
      }
      try {
        const compatibility = COMPATIBILITY[subject.compatibility]
        const { id } = await registry.register(text(schema), { subject: subject.name, compatibility })
        return id
      } catch (error) {
        throw refusal(error, subject, http.url)
      }
    },
    async lookUp(subject, schema) {
      try {
        return await registry.getRegistryIdBySchema(subject.name, text(schema))
      } catch (error) {
        // The library wraps what it takes for "not there" and drops the status.
        const missing = /40401|40402|40403|not found|does not match|no artifact|no content/i.test(describeError(error))
        if (!missing && statusOf(error) !== 404) throw refusal(error, subject, http.url)
        throw new SchemaRefusedError(
          subject.name,
          'it is not registered',
          'Start the service that writes to the topic first, or allow this one to register schemas',
          { cause: error },
        )
      }
    },
    // A new client: one that has registered the schemas would not ask for them.
    decode: (value) => new SchemaRegistry(options).decode(value),
  }
}

function statusOf(error: unknown): number | undefined {
  return typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : undefined
}

function refusal(error: unknown, { name, compatibility }: Subject, url: string): Error {
  const reason = describeError(error).replace(/^\S* - /, '')
  switch (statusOf(error)) {
    case 409:
      return new SchemaRefusedError(
        name,
        `not ${compatibility} compatible with an earlier version: ${reason}`,
        'Records with the earlier schema are in the topic: run a version of Tributary that is not older than they are, ' +
          'or set another topic prefix',
        { cause: error },
      )
    case 401:
    case 403:
      return new SchemaRefusedError(
        name,
        `access denied (${reason})`,
        'Give the user of the registry URL the right to register schemas and to set compatibility',
        { cause: error },
      )
    case 422:
      return new SchemaRefusedError(name, `invalid (${reason})`, 'Check that the registry supports Avro', {
        cause: error,
      })
    default:
      return new RegistryUnavailableError(`the schema registry at ${url}, asked about ${name}: ${reason}`, {
        cause: error,
      })
  }
}
