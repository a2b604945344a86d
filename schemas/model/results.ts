import type { EnumModel, FieldModel, RecordModel } from './notation.ts'

export const COMMAND_OPERATION: EnumModel = {
  enum: 'CommandOperation',
  doc: 'What a command does. SET_STATUS is apart from UPDATE, so that a change of state is always visible as one.',
  symbols: ['UNKNOWN', 'CREATE', 'UPDATE', 'DELETE', 'SET_STATUS'],
}

export const LINE_ACTION: EnumModel = {
  enum: 'LineAction',
  doc: 'UPSERT = add or change the line, DELETE = remove it.',
  symbols: ['UNKNOWN', 'UPSERT', 'DELETE'],
}

const COMMAND_OUTCOME: EnumModel = {
  enum: 'CommandOutcome',
  doc: 'How a command stands. Final: all but ACCEPTED and RETRYING; of IN_DOUBT, is_final tells.',
  symbols: [
    'UNKNOWN',
    'ACCEPTED',
    'RETRYING',
    'APPLIED',
    'PARTIALLY_APPLIED',
    'REJECTED',
    'CONFLICT',
    'UNSUPPORTED',
    'EXPIRED',
    'VALIDATED',
    'IN_DOUBT',
  ],
}

const ISSUE_CODE: EnumModel = {
  enum: 'IssueCode',
  doc: 'What is wrong, for programs.',
  symbols: [
    'UNKNOWN',
    'REQUIRED',
    'INVALID_VALUE',
    'TOO_LONG',
    'PRECISION_LOSS',
    'UNIT_UNKNOWN',
    'INVALID_REFERENCE',
    'NOT_WRITABLE',
    'DUPLICATE',
    'NOT_FOUND',
    'STATE_NOT_ALLOWED',
    'PERMISSION',
    'LOCKED',
    'BUSINESS_RULE',
    'PERIOD_CLOSED',
    'DEPENDENCY_FAILED',
    'ID_REUSED',
    'INVALID_COMMAND',
    'SCHEMA_TOO_NEW',
    'UNSUPPORTED_OPERATION',
    'UNSUPPORTED_FIELD',
    'SYSTEM_ERROR',
    'RACE',
  ],
}

const STEP_OUTCOME: EnumModel = {
  enum: 'StepOutcome',
  doc: 'How one call of a write of several calls ended.',
  symbols: ['UNKNOWN', 'APPLIED', 'FAILED'],
}

const JOURNAL_STATE: EnumModel = {
  enum: 'JournalState',
  doc: 'WAITING = known not applied; STARTED = sent, or about to be; IN_DOUBT = perhaps applied; FINISHED = final.',
  symbols: ['UNKNOWN', 'WAITING', 'STARTED', 'IN_DOUBT', 'FINISHED'],
}

const ISSUE: RecordModel = {
  record: 'CommandIssue',
  doc: 'One thing that is wrong, or worth knowing.',
  fields: [
    ['field', 'str?', 'Path in the payload, e.g. lines[2].unit_price; null = the whole record.'],
    ['code', ISSUE_CODE, 'For programs.'],
    ['message', 'str', 'For people, in English.'],
    ['vendor_code', 'str?', "The system's own code."],
    ['vendor_message', 'str?', "The system's own words."],
    ['native_field', 'str?', "The system's own name of the field."],
  ],
}

const STEP: RecordModel = {
  record: 'CommandStep',
  doc: 'One call of a write of several calls.',
  fields: [
    ['name', 'str', 'What it did.'],
    ['outcome', STEP_OUTCOME, 'How it ended.'],
    ['source_id', 'str?', 'Native key of what it wrote.'],
  ],
}

const LINE_RESULT: RecordModel = {
  record: 'CommandLine',
  doc: 'One line as it is after the write.',
  fields: [
    ['line_ref', 'str?', "The client's own name for it."],
    ['line_id', 'str?', 'Unified id of the line.'],
    ['line_number', 'str?', 'Number shown to people.'],
  ],
}

/** What commands, results and journal begin with. */
const WHICH: readonly FieldModel[] = [
  ['command_id', 'str', 'The command; equals the Kafka key.'],
  ['connection_id', 'str', 'Connection that was written to.'],
  ['system', 'str', 'Connector id; empty where the connection is unknown.'],
  ['entity', 'str', 'Unified entity.'],
  ['operation', COMMAND_OPERATION, 'What was asked.'],
]

/** Value of `command-results`. */
export const COMMAND_RESULT: RecordModel = {
  record: 'CommandResult',
  doc: 'What became of a command: value of command-results. A higher sequence replaces a lower one.',
  fields: [
    ...WHICH,
    ['sequence', 'int', '1, 2, …: several results may be written for a command.'],
    ['outcome', COMMAND_OUTCOME, 'How the command stands.'],
    ['is_final', 'bool', 'False = another result follows.'],
    ['is_replay', 'bool', 'True = found already applied by an earlier attempt.'],
    ['target_id', 'str?', 'Unified id of the record written.'],
    ['source_id', 'str?', 'Its native key.'],
    ['version', 'str?', 'Its version after the write; with CONFLICT the version that it has now.'],
    ['lines', { items: LINE_RESULT }, 'Lines that were added or changed.'],
    ['errors', { items: ISSUE }, 'Why it was not applied, or not wholly.'],
    ['warnings', { items: ISSUE }, 'What is worth knowing although it was applied.'],
    ['steps', { items: STEP }, 'Calls of a write of several calls.'],
    ['attempts', 'int', 'How often the system was called with it.'],
    ['http_status', 'int?', "Status of the system's last answer."],
    ['vendor_request_id', 'str?', "Request id of the system's last answer."],
    ['received_at', 'ts', 'When the command was read.'],
    ['finished_at', 'ts?', 'When the outcome became final.'],
    ['issued_by', 'str?', 'From the command.'],
    ['correlation_id', 'str?', 'From the command.'],
  ],
}

/** Value of `command-journal`: what the writer must know of a command after a crash. */
export const COMMAND_JOURNAL: RecordModel = {
  record: 'CommandJournal',
  doc: 'How far the writer came with a command: value of command-journal, written before the system is called.',
  fields: [
    ...WHICH,
    ['content_hash', 'str', 'SHA-256 of what the command says, hex: tells a duplicate from a reused id.'],
    ['state', JOURNAL_STATE, 'How far it came.'],
    ['topic_offset', 'long', 'Offset of the command in its partition of commands.<entity>.'],
    ['target_id', 'str?', 'Unified id of the target; null for CREATE.'],
    ['anchor', 'str?', 'What the record is found by again, as far as the writer knows it.'],
    ['plan', 'json?', 'Absolute values decided at the first attempt; never decided again.'],
    ['steps', { items: STEP }, 'Finished calls of a write of several calls.'],
    ['attempts', 'int', 'How often the system was called with it.'],
    ['received_at', 'ts', 'When the command was read.'],
    ['started_at', 'ts?', 'When the first attempt was written down.'],
    ['in_doubt_since', 'ts?', 'When the outcome became unknown.'],
    ['updated_at', 'ts', 'When this was written.'],
    ['reread_due', 'bool', 'Applied, but the record as it is now has not been published yet.'],
    ['result', { optional: COMMAND_RESULT }, 'The last result; answers duplicates.'],
  ],
}
