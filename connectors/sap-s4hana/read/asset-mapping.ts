import { fromVocabulary, type MappingSettings, type Unified, unifiedId, VOCABULARIES } from '../../../core/index.ts'
import { child, children, decimal, flag, localInstant, type Row, sapDate, sapInstant, text } from '../values.ts'
import { assetOf, EQUIPMENT } from './asset-keys.ts'
import { envelope, etagToken, intent, numbered, systemZone } from './envelope.ts'
import { locationId } from './references.ts'

const IDLE = 'not FunctionalLocationIsActive'
/** Flags that take an asset out of use; their names are what the connection may remap. */
const FLAGS = {
  EquipmentIsMarkedForDeletion: 'INACTIVE',
  EquipmentIsInactive: 'INACTIVE',
  FuncnlLocIsDeleted: 'INACTIVE',
  FuncnlLocIsMarkedForDeletion: 'INACTIVE',
  FuncnlLocIsDeactivated: 'INACTIVE',
  [IDLE]: 'INACTIVE',
} as const
/** Partner functions of a vendor, in German and English (unverified). */
const VENDOR_FUNCTIONS: readonly string[] = ['LF', 'VN']

/** A row of Equipment or FunctionalLocation; the key tells which. */
export function assetOfRow(row: Row, settings: MappingSettings, key: string): Unified<'asset'> {
  const isEquipment = key.startsWith(`${EQUIPMENT}|`)
  const own = isEquipment ? equipmentOf(row, settings) : functionalLocationOf(row, settings)
  const raised = Object.keys(FLAGS).filter((name) => flag(row[name]) === true || (isIdle(row) && name === IDLE))
  const [first = null] = raised
  const supplier = vendorOf(row)
  const material = text(row['Material'])
  return {
    ...envelope(row, settings, {
      key,
      displayName: numbered(own.asset_number, own.name),
      url: own.url,
      organization: text(row['CompanyCode']),
      createdAt: localInstant(row['CreationDate'], null, systemZone(settings)),
      updatedAt: sapInstant(row['LastChangeDateTime']),
      version: etagToken(row),
    }),
    asset_number: own.asset_number,
    name: own.name ?? own.asset_number ?? key,
    description: own.description,
    kind: isEquipment ? 'EQUIPMENT' : 'FUNCTIONAL_LOCATION',
    asset_type: text(row['TechnicalObjectType']),
    criticality: text(row['ABCIndicator']),
    status:
      first === null ? 'OPERATIONAL' : fromVocabulary(settings, 'asset.status', first, FLAGS, VOCABULARIES.AssetStatus),
    source_status: raised.join(' ') || null,
    parent_id: own.parent_id,
    location_id: locationId(settings, row['MaintenancePlant']),
    manufacturer: text(row['AssetManufacturerName']),
    model: text(row['ManufacturerPartTypeName']),
    serial_number: text(row['ManufacturerSerialNumber']),
    tag: isEquipment ? text(row['TechnicalObjectSortCode']) : null,
    vendor_id: supplier === null ? null : unifiedId(settings.connectionId, 'vendor', supplier),
    item_id: material === null ? null : unifiedId(settings.connectionId, 'item', material),
    acquired_date: sapDate(row['AcquisitionDate']),
    commissioned_date: sapDate(row['OperationStartDate']),
    warranty_end_date: warrantyEnd(row),
    acquisition_cost: decimal(row['AcquisitionValue']),
    currency: text(row['Currency']),
    cost_center: text(row['CostCenter']),
    is_active: raised.length === 0,
  }
}

function equipmentOf(row: Row, settings: MappingSettings) {
  const number = text(row['Equipment'])
  return {
    asset_number: number,
    name: text(row['EquipmentName']),
    description: text(longTextRow(row)?.['EquipmentLongText']),
    url: number === null ? null : intent('Equipment-displayFactSheet', { Equipment: number }),
    parent_id: assetOf(settings, row['SuperordinateEquipment'], row['FunctionalLocation']),
  }
}

/** Its key may be an internal number; people know it by its label. */
function functionalLocationOf(row: Row, settings: MappingSettings) {
  const key = text(row['FunctionalLocation'])
  return {
    asset_number: text(row['FunctionalLocationLabelName']) ?? key,
    name: text(row['FunctionalLocationName']),
    description: text(longTextRow(row)?.['FuncnlLocLongText']),
    url: key === null ? null : intent('FunctionalLocation-displayFactSheet', { FunctionalLocation: key }),
    parent_id: assetOf(settings, null, row['SuperiorFunctionalLocation']),
  }
}

/** A functional location that was only created is not called active, but is in use. */
const isIdle = (row: Row): boolean =>
  flag(row['FunctionalLocationIsActive']) === false && flag(row['FunctionalLocationIsCreated']) !== true

/** One row by the metadata; a list of one is taken as well. */
function longTextRow(row: Row): Row | null {
  const found = child(row['to_LongText'])
  return found !== null && 'results' in found ? (children(found)[0] ?? null) : found
}

const warrantyEnd = (row: Row): string | null =>
  children(row['to_Warranty'])
    .flatMap((warranty) => sapDate(warranty['WarrantyEndDate']) ?? [])
    .sort()
    .at(-1) ?? null

function vendorOf(row: Row): string | null {
  const partners = children(row['to_Partner']).filter((each) =>
    VENDOR_FUNCTIONS.includes(text(each['PartnerFunction']) ?? ''),
  )
  return partners.flatMap((each) => text(each['Partner']) ?? []).sort()[0] ?? null
}
