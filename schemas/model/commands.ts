import { ENTITIES } from './entities.ts'
import { ENVELOPE } from './envelope.ts'
import type { EntityModel, FieldModel, RecordModel } from './notation.ts'
import { COMMAND_OPERATION, LINE_ACTION } from './results.ts'
import { WRITABLE } from './writable.ts'

/** A command record and the write record in it. */
export interface CommandModel {
  readonly entity: string
  readonly command: RecordModel
  readonly write: RecordModel
}

/** Last on every write record, header and line. */
const PARTIAL: readonly FieldModel[] = [
  ['clear_fields', { items: 'str' }, 'Names of fields of this record to set to null.'],
  ['custom_fields', 'json?', 'JSON object: native field name to value; laid over the native record last.'],
]

/** First on every line. */
const LINE: readonly FieldModel[] = [
  ['line_id', 'str?', 'Unified id of the line; null = a new line.'],
  ['line_ref', 'str?', "The client's own name for a new line, repeated in the result."],
  ['action', { of: LINE_ACTION, otherwise: 'UPSERT' }, 'What to do with the line.'],
]

/** A field of the unified record as a write record has it: null = not said. */
function partial([name, type, doc]: FieldModel): FieldModel {
  if (typeof type === 'string') return [name, type.endsWith('?') ? type : (`${type}?` as typeof type), doc]
  return 'optional' in type || 'of' in type ? [name, type, doc] : [name, { optional: type }, doc]
}

function fieldsNamed(record: RecordModel, names: readonly (string | FieldModel)[]): FieldModel[] {
  return names.map((name) => {
    if (typeof name !== 'string') return name
    const field = [...record.fields, ...ENVELOPE].find(([own]) => own === name)
    if (field === undefined) throw new Error(`schemas/model: ${record.record} has no ${name} to write`)
    return partial(field)
  })
}

function linesOf(entity: EntityModel, field: string, names: readonly (string | FieldModel)[]): FieldModel {
  const found = entity.fields.find(([name]) => name === field)
  const type = found?.[1]
  if (type === undefined || typeof type === 'string' || !('items' in type) || type.items === 'str')
    throw new Error(`schemas/model: ${entity.name}.${field} is not an array of records`)
  const line = type.items
  return [
    field,
    {
      items: {
        record: `${line.record}Write`,
        doc: `${line.doc} Null = leave as it is.`,
        fields: [...LINE, ...fieldsNamed(line, names), ...PARTIAL],
      },
    },
    'Lines to add, change or remove; lines that are not named stay as they are.',
  ]
}

function commandOf(entity: EntityModel): CommandModel {
  const { fields, lines = {} } = WRITABLE[entity.name] ?? { fields: [] }
  const write: RecordModel = {
    record: `${entity.record}Write`,
    doc: `What to write of a ${entity.name}. Null = not given on CREATE, leave as it is on UPDATE.`,
    fields: [
      ...fieldsNamed(entity, fields),
      ...Object.entries(lines).map(([field, names]) => linesOf(entity, field, names)),
      ...PARTIAL,
    ],
  }
  const command: RecordModel = {
    record: `${entity.record}Command`,
    doc: `One write of a ${entity.name}: value of commands.${entity.name}, key = connection_id.`,
    fields: [
      ['command_id', 'str', 'Chosen by the client, [A-Za-z0-9._-]{8,64}: a command is applied once per id.'],
      ['connection_id', 'str', 'Connection to write to; equals the Kafka key.'],
      ['operation', COMMAND_OPERATION, 'What to do.'],
      ['target_id', 'str?', 'Unified id of the record; null for CREATE only.'],
      ['expected_version', 'str?', 'version of the record as last seen; null = whatever it is now.'],
      ['payload', { optional: write }, 'What to write; null for DELETE only.'],
      ['dry_run', { of: 'bool', otherwise: false }, 'Validate only, write nothing.'],
      ['issued_at', 'ts?', "The client's clock, informative."],
      ['deadline_at', 'ts?', 'Do not start after this; null = 24 hours after receipt.'],
      ['issued_by', 'str?', 'Who asked; repeated in the result.'],
      ['correlation_id', 'str?', "The client's own reference; repeated in the result."],
    ],
  }
  return { entity: entity.name, command, write }
}

/** One for each entity, in the order of the entities. */
export const COMMANDS: readonly CommandModel[] = ENTITIES.map(commandOf)
