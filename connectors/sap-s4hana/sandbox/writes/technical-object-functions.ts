/** Flags of equipment and functional locations, and the installation of both. */
import type { EntitySet, Row } from '../model.ts'
import type { WriteAnswer } from './context.ts'
import { checkActionEtag } from './etags.ts'
import { done, entity, type FunctionCall, type Handler } from './function-call.ts'
import { checkLocked } from './locks.ts'
import { business } from './refusals.ts'
import {
  changeStamp,
  EQUIPMENT,
  equipmentLock,
  LOCATIONS,
  locationLock,
  placeOf,
  UNLIMITED,
} from './technical-objects.ts'
import { textOf, type Work } from './work.ts'

const DAY = 86_400_000

export const technicalObjectFunctions: Readonly<Record<string, Handler>> = {
  SetEquipmentToInactive: equipmentFlag('EquipmentIsInactive', true),
  ResetEquipmentFromInactive: equipmentFlag('EquipmentIsInactive', false),
  SetEquipToMarkedForDeletion: equipmentFlag('EquipmentIsMarkedForDeletion', true),
  RsetEquipFromMarkedForDeletion: equipmentFlag('EquipmentIsMarkedForDeletion', false),
  InstallEquipment: (work, call) => install(work, call),
  InstallEquipWithDataTransfer: (work, call) => install(work, call),
  DismantleEquipment: (work, call) => dismantle(work, call),
  DismantleEquipWithDataTransfer: (work, call) => dismantle(work, call),
  SetFuncnlLocationToInactive: locationFlag('FuncnlLocIsDeactivated', true),
  RsetFuncnlLocationFromInactive: locationFlag('FuncnlLocIsDeactivated', false),
  SetFuncLocToMarkedForDeletion: locationFlag('FuncnlLocIsMarkedForDeletion', true),
  RsetFuncLocFromMrkdForDeletion: locationFlag('FuncnlLocIsMarkedForDeletion', false),
  InstallFunctionalLocation: (work, call) =>
    placeLocation(work, call, textOf(call.parameters, 'SuperiorFunctionalLocation')),
  DismantleFunctionalLocation: (work, call) => placeLocation(work, call, ''),
}

function equipmentFlag(flag: string, value: boolean): Handler {
  return (work, call) => {
    const { set, row } = equipmentFor(work, call)
    setFlag(work, set, row, flag, value, `IEQ ${textOf(row, 'Equipment')}`)
    if (flag === 'EquipmentIsInactive') work.store.update(set, segmentKey(row), { EquipmentIsAvailable: !value })
    return done(call)
  }
}

function locationFlag(flag: string, value: boolean): Handler {
  return (work, call) => {
    const { set, row } = locationFor(work, call)
    setFlag(work, set, row, flag, value, `IFL ${textOf(row, 'FunctionalLocation')}`)
    if (flag === 'FuncnlLocIsDeactivated')
      work.store.update(
        set,
        { FunctionalLocation: row['FunctionalLocation'] ?? '' },
        { FunctionalLocationIsActive: !value },
      )
    return done(call)
  }
}

function setFlag(work: Work, set: EntitySet, row: Row, flag: string, value: boolean, object: string): void {
  if (row[flag] === value) {
    const status = flag.includes('MarkedForDeletion') ? 'DLFL' : 'INAC'
    throw business('BS/007', `System status ${status} is ${value ? 'already' : 'not'} active (${object})`)
  }
  const key = Object.fromEntries(set.type.keys.map((name) => [name, row[name] ?? null]))
  work.store.update(set, key, { [flag]: value, ...changeStamp(work) })
}

function install(work: Work, call: FunctionCall): WriteAnswer {
  const { set, row } = equipmentFor(work, call)
  if (row['EquipmentIsInstalled'] === true)
    throw business('IE/110', `Equipment ${textOf(row, 'Equipment')} is already installed`)
  const place = {
    FunctionalLocationLabelName: textOf(call.parameters, 'FunctionalLocation'),
    SuperordinateEquipment: textOf(call.parameters, 'SuperordinateEquipment'),
    EquipInstallationPositionNmbr: textOf(call.parameters, 'EquipInstallationPositionNmbr'),
  }
  if (place.FunctionalLocationLabelName === '' && place.SuperordinateEquipment === '')
    throw business('IE/111', 'Enter a functional location or a superordinate equipment', 'FunctionalLocation')
  return move(work, set, row, place, call)
}

function dismantle(work: Work, call: FunctionCall): WriteAnswer {
  const { set, row } = equipmentFor(work, call)
  if (row['EquipmentIsInstalled'] !== true)
    throw business('IE/112', `Equipment ${textOf(row, 'Equipment')} is not installed`)
  const place = { FunctionalLocationLabelName: '', SuperordinateEquipment: '', EquipInstallationPositionNmbr: '' }
  return move(work, set, row, place, call)
}

/** A move ends the time segment and begins the next; the current one is always the one without end. */
function move(work: Work, set: EntitySet, row: Row, place: Row, call: FunctionCall): WriteAnswer {
  const on = call.parameters['EquipmentInstallationDate']
  const from = typeof on === 'number' ? on : work.today
  const period = Number(textOf(row, 'EquipUsagePeriodSequenceNumber') || '1')
  const began = row['ValidityStartDate']
  const moved = { ...row, ...place, ...placeOf(work, { ...row, ...place }), ...changeStamp(work) }
  if (
    typeof began === 'number' &&
    began < from &&
    work.store.get(set, { ...segmentKey(row), ValidityEndDate: from - DAY }) === null
  ) {
    work.store.insert(set, {
      ...row,
      ValidityEndDate: from - DAY,
      ValidityEndTime: 'PT23H59M59S',
      ...changeStamp(work),
    })
    moved['ValidityStartDate'] = from
    moved['EquipUsagePeriodSequenceNumber'] = String(period + 1).padStart(3, '0')
  }
  work.store.update(set, segmentKey(row), moved)
  return entity(set, work.store.get(set, segmentKey(row)) ?? moved)
}

function placeLocation(work: Work, call: FunctionCall, superior: string): WriteAnswer {
  const { set, row } = locationFor(work, call)
  const key = { FunctionalLocation: row['FunctionalLocation'] ?? '' }
  if (superior !== '' && work.store.get(set, { FunctionalLocation: superior }) === null)
    throw business('IL/003', `Functional location ${superior} does not exist`, 'SuperiorFunctionalLocation')
  work.store.update(set, key, {
    SuperiorFunctionalLocation: superior,
    SuperiorFuncnlLocLabelName: superior,
    ...changeStamp(work),
  })
  return entity(set, work.store.get(set, key) ?? row)
}

function segmentKey(row: Row): Row {
  return { Equipment: row['Equipment'] ?? '', ValidityEndDate: row['ValidityEndDate'] ?? UNLIMITED }
}

function equipmentFor(work: Work, call: FunctionCall): { set: EntitySet; row: Row } {
  const set = work.store.set(EQUIPMENT, 'Equipment')
  const row = work.store.get(set, segmentKey(call.parameters))
  if (row === null)
    throw business('IE/006', `Equipment ${textOf(call.parameters, 'Equipment')} does not exist`, 'Equipment')
  checkActionEtag(work, set, row, call.ifMatch)
  checkLocked(work, equipmentLock(textOf(row, 'Equipment')))
  return { set, row }
}

function locationFor(work: Work, call: FunctionCall): { set: EntitySet; row: Row } {
  const set = work.store.set(LOCATIONS, 'FunctionalLocation')
  const label = textOf(call.parameters, 'FunctionalLocation')
  const row = work.store.get(set, { FunctionalLocation: label })
  if (row === null) throw business('IL/003', `Functional location ${label} does not exist`, 'FunctionalLocation')
  checkActionEtag(work, set, row, call.ifMatch)
  checkLocked(work, locationLock(label))
  return { set, row }
}
