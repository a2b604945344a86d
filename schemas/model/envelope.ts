import type { FieldModel } from './notation.ts'
import { ORIGIN } from './vocabularies.ts'

/**
 * First on every unified record, in this order. The content hash leaves out `raw` and the three from
 * `source_version` on; they sit side by side so that the hash is taken over three slices of the encoded bytes.
 */
export const ENVELOPE: readonly FieldModel[] = [
  ['id', 'str', 'Unified id, <connection_id>:<entity>:<source key>; equals the Kafka key.'],
  ['connection_id', 'str', "One customer's account in one system."],
  ['system', 'str', 'Connector id: sap-s4hana, netsuite, tryton, …'],
  ['source_id', 'str', 'Native key, as in the id but without percent-encoding; parts joined by "|".'],
  ['display_name', 'str', 'Number and name, or title; never empty.'],
  ['source_url', 'str?', 'Deep link into the user interface of the source.'],
  ['organization', 'str?', 'Legal entity in the source: company code, subsidiary, company.'],
  ['created_at', 'ts?', 'Creation time according to the source.'],
  ['updated_at', 'ts?', 'Last modification time according to the source.'],
  ['deleted_at', 'ts?', 'Null = live; else when the deletion was reported or first noticed.'],
  ['version', 'str', 'Opaque, compare for equality only; goes into commands as expected_version.'],
  ['custom_fields', 'json?', 'JSON object: native field name to value; keys sorted, decimals as text.'],
  ['raw', 'str?', 'JSON excerpt of the source record, only where the connection asks for it.'],
  ['mapping_version', 'str', 'E.g. netsuite/vendor@3; changes whenever the output of the mapping can change.'],
  ['source_version', 'long', 'Orders the states of one record: modification time in ms, or a native counter.'],
  ['origin', ORIGIN, 'How this state was noticed.'],
  ['synced_at', 'ts', 'When the source answered with this state.'],
]
