import type { EnumModel, RecordModel } from './notation.ts'
import { COMMAND_OPERATION } from './results.ts'

const ANCHOR: EnumModel = {
  enum: 'Anchor',
  doc: 'How an earlier attempt is found again: UNIQUE = the system refuses a second one; NONE = not at all.',
  symbols: ['UNKNOWN', 'UNIQUE', 'SEARCHABLE', 'ABSOLUTE', 'NONE'],
}

const CONFLICT_DETECTION: EnumModel = {
  enum: 'ConflictDetection',
  doc: 'NATIVE = the system compares versions itself; COMPARE = read and compared just before the write.',
  symbols: ['UNKNOWN', 'NATIVE', 'COMPARE', 'NONE'],
}

const ALLOWED_VALUE: RecordModel = {
  record: 'AllowedValue',
  doc: 'One value that a field takes.',
  fields: [
    ['code', 'str', 'The value.'],
    ['label', 'str?', 'For people.'],
  ],
}

const OPERATION: RecordModel = {
  record: 'CapabilityOperation',
  doc: 'One operation on the entity.',
  fields: [
    ['operation', COMMAND_OPERATION, 'What is asked.'],
    ['supported', 'bool', 'False = refused as UNSUPPORTED.'],
    ['emulated', 'bool', 'True = read, computed and written as an absolute value.'],
    ['reason', 'str?', 'Why not supported, or what to know.'],
    ['anchor', ANCHOR, 'How an earlier attempt is found again.'],
    ['conflict_detection', CONFLICT_DETECTION, 'How expected_version is enforced.'],
    ['atomic', 'bool', 'True = one call, false = several.'],
  ],
}

const FIELD: RecordModel = {
  record: 'CapabilityField',
  doc: 'One field that may be written.',
  fields: [
    ['path', 'str', 'Path in the payload, e.g. lines[].unit_price.'],
    ['writable_on', { items: 'str' }, 'Operations that take it.'],
    ['required_on', { items: 'str' }, 'Operations that need it.'],
    ['max_length', 'int?', 'Longest text.'],
    ['precision', 'int?', 'Digits of a decimal.'],
    ['scale', 'int?', 'Digits after the point.'],
    ['allowed_values', { items: ALLOWED_VALUE }, 'Empty = any.'],
    ['reference_entity', 'str?', 'Entity that it refers to.'],
    ['default_value', 'str?', 'What the connection fills in.'],
    ['default_key', 'str?', 'Setting of the connection that fills it in.'],
    ['native_field', 'str?', "The system's own name of the field."],
    ['rule_source', 'str?', 'Where the rule comes from.'],
    ['writable_in_statuses', { items: 'str' }, 'Empty = in any.'],
  ],
}

const TRANSITION: RecordModel = {
  record: 'CapabilityTransition',
  doc: 'One change of status that SET_STATUS can make.',
  fields: [
    ['from_status', 'str', 'Unified status before.'],
    ['to_status', 'str', 'Unified status after.'],
    ['native_action', 'str', 'What is called in the system.'],
  ],
}

const CUSTOM_FIELD: RecordModel = {
  record: 'CapabilityCustomField',
  doc: 'One native field that custom_fields may set.',
  fields: [
    ['name', 'str', 'Native name.'],
    ['label', 'str?', 'For people.'],
    ['value_type', 'str', 'Native type.'],
    ['writable', 'bool', 'May be set.'],
    ['required', 'bool', 'Must be set on CREATE.'],
    ['allowed_values', { items: ALLOWED_VALUE }, 'Empty = any.'],
  ],
}

/** Value of `capabilities`. */
export const CAPABILITY: RecordModel = {
  record: 'Capability',
  doc: 'What can be written of one entity through one connection: value of capabilities.',
  fields: [
    ['connection_id', 'str', 'The connection.'],
    ['entity', 'str', 'Unified entity.'],
    ['system', 'str', 'Connector id.'],
    ['checked_at', 'ts', 'When this was found out.'],
    ['operations', { items: OPERATION }, 'What may be asked.'],
    ['fields', { items: FIELD }, 'What may be written.'],
    ['transitions', { items: TRANSITION }, 'Changes of status that SET_STATUS can make.'],
    ['custom_fields', { items: CUSTOM_FIELD }, 'Native fields beyond the model.'],
  ],
}
