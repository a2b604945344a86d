import type { RecordModel } from './notation.ts'
import { OPERATION, ORIGIN } from './vocabularies.ts'

/** Value of `changes.<entity>` and `backfill.<entity>`. */
export const CHANGE_RECORD: RecordModel = {
  record: 'ChangeRecord',
  doc: 'What sync noticed about one record of a source: value of changes.<entity> and backfill.<entity>.',
  fields: [
    ['connection_id', 'str', "One customer's account in one system."],
    ['system', 'str', 'Connector id.'],
    ['stream', 'str', 'Stream of the connection.'],
    ['entity', 'str', 'Unified entity that the stream maps to.'],
    ['source_id', 'str', 'Native key, parts joined by "|"; empty for sweep records.'],
    ['operation', OPERATION, 'What happened.'],
    ['origin', ORIGIN, 'How it was noticed.'],
    ['source_version', 'long', 'Orders the states of one record: modification time in ms, or a native counter.'],
    ['extracted_at', 'ts', 'When the source answered.'],
    ['run_id', 'str', 'The sync run that noticed it.'],
    ['payload', 'bytes', 'JSON as the system sent it, UTF-8.'],
  ],
}

/** Value of `dead-letters`. */
export const DEAD_LETTER: RecordModel = {
  record: 'DeadLetter',
  doc: 'A record that could not be processed, byte for byte, with the reason: value of dead-letters.',
  fields: [
    ['topic', 'str', 'Original topic, without the prefix of the installation.'],
    ['partition', 'int', 'Original partition.'],
    ['offset', 'long', 'Original offset.'],
    ['key', 'bytes?', 'Original key.'],
    ['value', 'bytes?', 'Original value.'],
    ['error', 'str', 'What went wrong, for people.'],
    ['kind', 'str', 'Kind of failure, for counting.'],
    ['service', 'str', 'Who gave up on it.'],
    ['connection_id', 'str?', 'Connection it belongs to, where that can be told.'],
    ['at', 'ts', 'When it was given up.'],
    ['run_id', 'str?', 'The sync run it came with.'],
    ['request_id', 'str?', "Request id of the source's answer."],
  ],
}

/** Value of `webhooks.inbound`. */
export const INBOUND_WEBHOOK: RecordModel = {
  record: 'InboundWebhook',
  doc: 'A verified delivery of a webhook, byte for byte: value of webhooks.inbound.',
  fields: [
    ['connection_id', 'str', 'Connection that it was sent to.'],
    ['receipt_id', 'str', 'Ours, unique: UUID v7.'],
    ['delivery_id', 'str', "The sender's id, the same when it sends again; else sha256:<hex> of the body."],
    ['received_at', 'ts', 'When it was received.'],
    [
      'headers',
      {
        items: {
          record: 'InboundHeader',
          doc: 'One header.',
          fields: [
            ['name', 'str', 'In lower case.'],
            ['value', 'str', 'As sent.'],
          ],
        },
      },
      'Those that may matter to who reads the body; no signatures, no credentials.',
    ],
    ['body', 'bytes', 'As signed.'],
  ],
}
