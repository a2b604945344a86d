import type { Definition } from './definition.ts'

export const SERVICE: { readonly [table: string]: Definition } = {
  supportcase: {
    key: ['id'],
    display: 'casenumber',
    feature: 'SUPPORT',
    columns: `
  id id !
  casenumber text
  title text
  incomingmessage text
  status text
  priority text
  category text
  origin text
  casetype text
  issue text
  assigned ref:employee
  company ref:entity
  item ref:item
  serialnumber text
  email text
  phone text
  startdate datetime
  enddate datetime
  timetoclose number
  subsidiary ref:subsidiary @SUBSIDIARIES
  isinactive bool
  externalid text
  createddate datetime !
  lastmodifieddate datetime !`,
  },
  task: {
    key: ['id'],
    display: 'title',
    columns: `
  id id !
  title text
  message text
  status text
  priority text
  assigned ref:employee
  owner ref:employee
  company ref:entity
  supportcase ref:supportcase
  transaction ref:transaction
  startdate date
  duedate date
  completeddate date
  estimatedtime number
  actualtime number
  percentcomplete number
  externalid text
  createddate datetime !
  lastmodifieddate datetime !`,
  },
  customrecord_asset: {
    key: ['id'],
    display: 'name',
    feature: 'CUSTOMRECORDS',
    columns: `
  id id !
  name text
  isinactive bool
  externalid text
  owner ref:employee
  created datetime !
  lastmodified datetime !
  lastmodifiedby ref:employee
  custrecord_asset_number text
  custrecord_asset_description text
  custrecord_asset_type text
  custrecord_asset_status text
  custrecord_asset_criticality text
  custrecord_asset_parent ref:customrecord_asset
  custrecord_asset_location ref:location
  custrecord_asset_manufacturer text
  custrecord_asset_model text
  custrecord_asset_serial text
  custrecord_asset_tag text
  custrecord_asset_vendor ref:vendor
  custrecord_asset_item ref:item
  custrecord_asset_acquired date
  custrecord_asset_commissioned date
  custrecord_asset_warranty_end date
  custrecord_asset_cost number
  custrecord_asset_currency ref:currency
  custrecord_asset_cost_center text`,
  },
  customrecord_maintenance: {
    key: ['id'],
    display: 'name',
    feature: 'CUSTOMRECORDS',
    columns: `
  id id !
  name text
  isinactive bool
  externalid text
  owner ref:employee
  created datetime !
  lastmodified datetime !
  lastmodifiedby ref:employee
  custrecord_mnt_number text
  custrecord_mnt_description text
  custrecord_mnt_status text
  custrecord_mnt_priority text
  custrecord_mnt_type text
  custrecord_mnt_asset ref:customrecord_asset
  custrecord_mnt_location ref:location
  custrecord_mnt_requester ref:employee
  custrecord_mnt_assignee ref:employee
  custrecord_mnt_vendor ref:vendor
  custrecord_mnt_start datetime
  custrecord_mnt_end datetime
  custrecord_mnt_due datetime
  custrecord_mnt_completed datetime
  custrecord_mnt_hours_estimated number
  custrecord_mnt_hours_actual number
  custrecord_mnt_cost number`,
  },
}
