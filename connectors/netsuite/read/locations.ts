import {
  fromVocabulary,
  type LocationType,
  type MappingSettings,
  type Unified,
  VOCABULARIES,
} from '../../../core/index.ts'
import type { NetSuiteConfig } from '../config.ts'
import { children, flag, type Row, text } from '../values.ts'
import { addressColumns, postalAddress } from './addresses.ts'
import { envelope, numbered } from './envelope.ts'
import { idOf, oneOf } from './references.ts'
import { type ChildSource, display, instantOf, optional, plain, type WindowSource } from './source.ts'
import { streamOf } from './stream.ts'

/** By id, as NetSuite delivers them (unverified), and by name, which decides. */
const TYPES: { readonly [native: string]: LocationType } = {
  1: 'SITE',
  2: 'WAREHOUSE',
  Store: 'SITE',
  Warehouse: 'WAREHOUSE',
}

const mainAddress: ChildSource = {
  as: 'addresses',
  table: 'locationmainaddress',
  from: 'location p JOIN locationmainaddress a ON a.nkey = p.mainaddress',
  columns: { location: plain('p.id'), addressid: plain('a.nkey'), ...addressColumns('a') },
  parent: 'location',
  key: 'addressid',
  optional: true,
}

const locationSource = ({ subsidiaries }: NetSuiteConfig): WindowSource => ({
  table: 'location',
  from: 'location l',
  where: oneOf('l.subsidiary', subsidiaries),
  columns: {
    id: plain('l.id'),
    name: plain('l.name'),
    fullname: optional(plain('l.fullname')),
    externalid: optional(plain('l.externalid')),
    parent: optional(plain('l.parent')),
    isinactive: plain('l.isinactive'),
    locationtype: optional(plain('l.locationtype')),
    locationtypename: optional(display('l.locationtype')),
    makeinventoryavailable: optional(plain('l.makeinventoryavailable')),
    subsidiary: optional(plain('l.subsidiary')),
    lastmodified: instantOf('l.lastmodifieddate'),
  },
  key: ['id'],
  modified: 'lastmodified',
  deletedAs: ['location'],
  children: [mainAddress],
})

export const locations = streamOf<'location'>({
  entity: 'location',
  mappingVersion: 1,
  ignoresWindow: true,
  source: locationSource,
  toUnified: locationOf,
})

function locationOf(location: Row, settings: MappingSettings, key: string): Unified<'location'> {
  const name = text(location['name'])
  const code = text(location['externalid'])
  const { address_line2: _second, ...address } = postalAddress(children(location['addresses'])[0])
  return {
    ...envelope(location, settings, {
      key,
      displayName: numbered(code, text(location['fullname']) ?? name),
      page: '/app/common/otherlists/locationtype.nl',
    }),
    location_code: code,
    name: name ?? key,
    location_type: typeOf(location, settings),
    source_location_type: text(location['locationtypename']) ?? text(location['locationtype']),
    parent_id: idOf(settings, 'location', location['parent']),
    holds_stock: flag(location['makeinventoryavailable']) !== false,
    ...address,
    is_active: flag(location['isinactive']) !== true,
  }
}

/** Types are a feature: without it nobody says what a location is. */
function typeOf(location: Row, settings: MappingSettings): LocationType {
  const names = [text(location['locationtypename']), text(location['locationtype'])].filter((each) => each !== null)
  const symbols = names.map((name) =>
    fromVocabulary(settings, 'location.location_type', name, TYPES, VOCABULARIES.LocationType),
  )
  return symbols.find((symbol) => symbol !== 'UNKNOWN') ?? 'UNKNOWN'
}
