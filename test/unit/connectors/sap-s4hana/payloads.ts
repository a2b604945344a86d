import type { MappingSettings } from '../../../../core/index.ts'

/** A connection's settings as mappings see them. */
export const settings: MappingSettings = {
  connectionId: 'works',
  system: 'sap-s4hana',
  timeZone: 'UTC',
  currency: null,
  language: 'en',
  units: {},
  remaps: {},
  customFields: [],
  settings: { base_url: 'https://s4.example', sap_client: '100', system_time_zone: 'UTC' },
}
