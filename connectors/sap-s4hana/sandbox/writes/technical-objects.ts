/** Equipment and functional locations. */
import type { Row } from '../model.ts'
import { assignNumber } from './number-ranges.ts'
import { plantOf } from './organisation.ts'
import { business, enter } from './refusals.ts'
import type { EntityRules, Lock } from './rules.ts'
import { fill, find, rowsWhere, textOf, type Work } from './work.ts'

export const EQUIPMENT = 'API_EQUIPMENT'
export const LOCATIONS = 'API_FUNCTIONALLOCATION'
/** 9999-12-31: the end of the current time segment. */
export const UNLIMITED = 253402214400000

export const equipment: EntityRules = {
  prepare: (work, draft) => {
    const { row, set } = draft
    if (textOf(row, 'EquipmentName') === '') throw enter('Description', 'EquipmentName')
    fill(row, { EquipmentCategory: 'M', ValidityStartDate: work.today })
    checkPlants(work, row)
    if (textOf(row, 'Equipment') === '')
      row['Equipment'] = assignNumber(work.store, 'equipment', set, 'Equipment', { ValidityEndDate: UNLIMITED })
    else if (currentSegment(work, textOf(row, 'Equipment')) !== null)
      throw business('IE/018', `Equipment ${textOf(row, 'Equipment')} already exists`, 'Equipment')
    Object.assign(row, placeOf(work, row), {
      ValidityEndDate: UNLIMITED,
      ValidityEndTime: 'PT24H00M00S',
      EquipUsagePeriodSequenceNumber: '001',
      CreationDate: work.today,
      CreatedByUser: work.user,
      EquipmentIsAvailable: true,
      EquipmentIsMarkedForDeletion: false,
      EquipmentIsInactive: false,
    })
    if (!work.switches.changeDateNullUntilChange) Object.assign(row, changeStamp(work))
  },
  change: (work, current, changes) => {
    const number = textOf(current, 'Equipment')
    if (current['EquipmentIsMarkedForDeletion'] === true)
      throw business('BS/013', `System status DLFL is active (IEQ ${number})`)
    const after = { ...current, ...changes }
    checkPlants(work, after)
    const moved = ['FunctionalLocationLabelName', 'SuperordinateEquipment'].some((name) => name in changes)
    return { ...changes, ...(moved ? placeOf(work, after) : {}), ...changeStamp(work) }
  },
  lock: (row) => equipmentLock(textOf(row, 'Equipment')),
}

export const functionalLocations: EntityRules = {
  prepare: (work, draft) => {
    const { row, set } = draft
    const label = textOf(row, 'FunctionalLocation')
    if (label === '') throw enter('Functional Location', 'FunctionalLocation')
    if (textOf(row, 'FuncLocationStructure') === '') throw enter('Structure Indicator', 'FuncLocationStructure')
    if (work.store.get(set, { FunctionalLocation: label }) !== null)
      throw business('IL/001', `Functional location ${label} already exists`, 'FunctionalLocation')
    checkPlants(work, row)
    checkSuperior(work, row)
    // The label shows the structure: 1010-PUMPS hangs below 1010 where that exists.
    const above = label.includes('-') ? label.slice(0, label.lastIndexOf('-')) : ''
    if (textOf(row, 'SuperiorFunctionalLocation') === '' && locationRow(work, above) !== null)
      row['SuperiorFunctionalLocation'] = above
    fill(row, { FunctionalLocationCategory: 'M' })
    row['EquipmentInstallationIsAllowed'] ??= true
    Object.assign(row, {
      FunctionalLocationLabelName: label,
      SuperiorFuncnlLocLabelName: textOf(row, 'SuperiorFunctionalLocation'),
      FunctionalLocationIsCreated: true,
      FunctionalLocationIsActive: true,
      CreationDate: work.today,
      CreatedByUser: work.user,
    })
    if (!work.switches.changeDateNullUntilChange) Object.assign(row, changeStamp(work))
  },
  change: (work, current, changes) => {
    if (current['FuncnlLocIsMarkedForDeletion'] === true)
      throw business('BS/013', `System status DLFL is active (IFL ${textOf(current, 'FunctionalLocation')})`)
    const after = { ...current, ...changes }
    checkPlants(work, after)
    checkSuperior(work, after)
    const superior = textOf(after, 'SuperiorFunctionalLocation')
    return { ...changes, SuperiorFuncnlLocLabelName: superior, ...changeStamp(work) }
  },
  lock: (row) => locationLock(textOf(row, 'FunctionalLocation')),
}

/** Long texts, partners and warranties belong to their object: a change of theirs is one of the object. */
export const technicalDetails: EntityRules = {
  prepare: (work, draft) => {
    if (draft.set.type.properties.has('Language')) fill(draft.row, { Language: work.language })
  },
  created: (work, draft, top) => {
    if (top) moveObject(work, draft.row)
  },
  changed: (work, _before, after) => moveObject(work, after),
}

export function changeStamp(work: Work): Row {
  return { LastChangeDateTime: work.now, LastChangedByUser: work.user }
}

export function equipmentLock(number: string): Lock {
  return { name: number, code: 'IE/026', message: `Equipment ${number} is currently being processed by CB9980000099` }
}

export function locationLock(label: string): Lock {
  return { name: label, code: 'IL/026', message: `Functional location ${label} is locked by user CB9980000099` }
}

export function currentSegment(work: Work, number: string): Row | null {
  return find(work, EQUIPMENT, 'Equipment', { Equipment: number, ValidityEndDate: UNLIMITED })
}

export function locationRow(work: Work, label: string): Row | null {
  return label === '' ? null : find(work, LOCATIONS, 'FunctionalLocation', { FunctionalLocation: label })
}

/** Where the equipment is, in all the columns that say so. */
export function placeOf(work: Work, row: Row): Row {
  const label = textOf(row, 'FunctionalLocationLabelName')
  const location = locationRow(work, label)
  if (label !== '' && location === null)
    throw business('IL/003', `Functional location ${label} does not exist`, 'FunctionalLocationLabelName')
  const above = textOf(row, 'SuperordinateEquipment')
  if (above !== '' && (above === textOf(row, 'Equipment') || currentSegment(work, above) === null))
    throw business('IE/006', `Equipment ${above} does not exist`, 'SuperordinateEquipment')
  return {
    FunctionalLocation: textOf(location, 'FunctionalLocation'),
    FunctionalLocationName: textOf(location, 'FunctionalLocationName'),
    EquipmentIsInstalled: label !== '' || above !== '',
    EquipIsAllocToSuperiorEquip: above !== '',
  }
}

function checkPlants(work: Work, row: Row): void {
  for (const name of ['MaintenancePlant', 'MaintenancePlanningPlant'])
    if (textOf(row, name) !== '') plantOf(work, textOf(row, name))
}

function checkSuperior(work: Work, row: Row): void {
  const superior = textOf(row, 'SuperiorFunctionalLocation')
  if (superior === '') return
  if (superior === textOf(row, 'FunctionalLocation') || locationRow(work, superior) === null)
    throw business('IL/003', `Functional location ${superior} does not exist`, 'SuperiorFunctionalLocation')
}

function moveObject(work: Work, row: Row): void {
  if (!work.switches.headerMovesWithItems) return
  const location = textOf(row, 'FunctionalLocation')
  if (location !== '') {
    const set = work.store.set(LOCATIONS, 'FunctionalLocation')
    work.store.update(set, { FunctionalLocation: location }, changeStamp(work))
  }
  const set = work.store.set(EQUIPMENT, 'Equipment')
  for (const segment of rowsWhere(work, EQUIPMENT, 'Equipment', { Equipment: textOf(row, 'Equipment') }))
    if (segment['ValidityEndDate'] === UNLIMITED)
      work.store.update(set, { Equipment: textOf(row, 'Equipment'), ValidityEndDate: UNLIMITED }, changeStamp(work))
}
