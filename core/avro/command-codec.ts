import { describeError } from '../errors.ts'
import { decimalsOf, type RecordSchema } from './schema.ts'
import { isRounded } from './decimal.ts'
import { InvalidRecordError, MalformedRecordError, RefusedCommandError } from './errors.ts'
import { fromJson } from './command-json.ts'
import { schemaIdOf } from './frame.ts'
import { unknownParts } from './newer.ts'
import { createRecordCodec, type RecordCodec, type RecordFunctions } from './record-codec.ts'
import { avroType, type Writers } from './writers.ts'

export interface CommandCodec<C> extends RecordCodec<C> {
  /** Framed bytes. Throws InvalidRecordError; decimals of more than 9 digits after the point are refused, not rounded. */
  readonly encode: (command: C) => Buffer
  /**
   * Takes framed Avro, and JSON as `fromJson` does. Throws RefusedCommandError (a newer schema than ours, or JSON that
   * is no command), MalformedRecordError, or UnknownSchemaIdError: `await codec.learn(error)` and call again.
   */
  readonly decode: (value: Buffer) => C
  /** A command from parsed JSON, defaults filled in. Throws RefusedCommandError naming every problem. */
  readonly fromJson: (json: unknown) => C
}

const LEFT_BRACE = 0x7b
const isSpace = (byte: number | undefined): boolean => byte === 0x20 || (byte !== undefined && byte >= 9 && byte <= 13)

function isJson(value: Buffer): boolean {
  let at = 0
  while (isSpace(value[at])) at++
  return value[at] === LEFT_BRACE
}

export function createCommandCodec<C>(
  schema: RecordSchema,
  schemaId: number,
  functions: RecordFunctions<C>,
  writers: Writers,
): CommandCodec<C> {
  const framed = createRecordCodec<C>(schema, schemaId, functions, writers, (command) => {
    throw new InvalidRecordError(
      schema.name,
      decimalsOf(schema, command).flatMap(({ path, text }) =>
        isRounded(text)
          ? [`${path.replaceAll(/\.(\d+)(?=\.|$)/g, '[$1]')} has more than 9 digits after the point`]
          : [],
      ),
    )
  })
  const newer = new Map<number, readonly string[]>()

  /** What the schema that the value was written with says beyond ours. */
  function unknownIn(writtenWith: number): readonly string[] {
    let parts = newer.get(writtenWith)
    if (parts === undefined) {
      parts = unknownParts(writers.typeOf(writtenWith), avroType(schema))
      newer.set(writtenWith, parts)
    }
    return parts
  }

  function checked(json: unknown): C {
    const { record, problems } = fromJson(schema, json)
    if (problems.length > 0) throw new RefusedCommandError('INVALID_COMMAND', schema.name, problems, json)
    return record as C
  }

  function parsed(value: Buffer): unknown {
    try {
      return JSON.parse(value.toString('utf8'))
    } catch (cause) {
      throw new MalformedRecordError(`neither framed Avro nor JSON: ${describeError(cause)}`, { cause })
    }
  }

  return {
    encode: framed.encode,
    decode(value) {
      if (isJson(value)) return checked(parsed(value))
      const written = schemaIdOf(value)
      const command = framed.decode(value)
      const unknown = written === schemaId ? [] : unknownIn(written)
      if (unknown.length > 0) throw new RefusedCommandError('SCHEMA_TOO_NEW', schema.name, unknown, command)
      return command
    },
    fromJson: checked,
  }
}
