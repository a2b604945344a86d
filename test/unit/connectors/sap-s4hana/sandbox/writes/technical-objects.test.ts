import { describe, expect, it } from 'vitest'
import {
  createLandscape,
  EQUIPMENT,
  type Landscape,
  LOCATION,
  NOTIFICATION,
  refusalOf,
  START_SECOND,
  UNLIMITED,
} from './landscape.ts'

const TODAY = Date.UTC(2026, 0, 15)
const DAY = 86_400_000
const current = (Equipment = '10000045') => ({ Equipment, ValidityEndDate: UNLIMITED })

describe('equipment', () => {
  it('is created without end of validity, numbered by the system', () => {
    const landscape = createLandscape()
    const { entity } = landscape.post(EQUIPMENT, 'Equipment', {
      EquipmentName: 'Fan 2',
      MaintenancePlant: '1010',
      FunctionalLocationLabelName: '1010-PUMPS',
    })
    expect(entity?.row).toMatchObject({
      Equipment: '10000001',
      ValidityEndDate: UNLIMITED,
      ValidityStartDate: TODAY,
      EquipmentCategory: 'M',
      FunctionalLocation: '1010-PUMPS',
      FunctionalLocationName: 'Pump house',
      EquipmentIsInstalled: true,
      LastChangeDateTime: START_SECOND,
    })
    expect(refusalOf(() => landscape.post(EQUIPMENT, 'Equipment', { EquipmentName: '' })).code).toBe('ME/083')
  })

  it.each([
    ['SetEquipmentToInactive', 'ResetEquipmentFromInactive', 'EquipmentIsInactive'],
    ['SetEquipToMarkedForDeletion', 'RsetEquipFromMarkedForDeletion', 'EquipmentIsMarkedForDeletion'],
  ])('%s and %s set and reset %s', (set, reset, flag) => {
    const landscape = createLandscape()
    landscape.call(EQUIPMENT, set, current())
    expect(landscape.row(EQUIPMENT, 'Equipment', current())).toMatchObject({
      [flag]: true,
      LastChangeDateTime: START_SECOND,
    })
    expect(refusalOf(() => landscape.call(EQUIPMENT, set, current())).code).toBe('BS/007')
    landscape.call(EQUIPMENT, reset, current())
    expect(landscape.row(EQUIPMENT, 'Equipment', current())[flag]).toBe(false)
  })

  it('gets a new time segment when it is installed; the one before ends yesterday', () => {
    const landscape = createLandscape()
    const { entity } = landscape.call(EQUIPMENT, 'InstallEquipment', { ...current(), FunctionalLocation: '1010-PUMPS' })
    expect(entity?.row).toMatchObject({ ...current(), ValidityStartDate: TODAY, FunctionalLocation: '1010-PUMPS' })
    expect(landscape.rows(EQUIPMENT, 'Equipment')).toMatchObject([
      { ValidityEndDate: TODAY - DAY, ValidityStartDate: Date.UTC(2025, 0, 1), FunctionalLocation: '' },
      { ValidityEndDate: UNLIMITED, EquipmentIsInstalled: true },
    ])
    const again = () =>
      landscape.call(EQUIPMENT, 'InstallEquipment', { ...current(), FunctionalLocation: '1010-PUMPS' })
    expect(refusalOf(again).code).toBe('IE/110')
    landscape.call(EQUIPMENT, 'DismantleEquipment', current())
    expect(landscape.row(EQUIPMENT, 'Equipment', current())).toMatchObject({
      FunctionalLocation: '',
      EquipmentIsInstalled: false,
    })
  })
})

describe('functional locations', () => {
  const post = (landscape: Landscape, body: object) =>
    landscape.post(LOCATION, 'FunctionalLocation', {
      FuncLocationStructure: 'YBFL',
      FunctionalLocationName: 'New',
      ...body,
    })

  it('are created under the label they are given, below the one it extends', () => {
    const landscape = createLandscape()
    expect(post(landscape, { FunctionalLocation: '1010-PUMPS-3' }).entity?.row).toMatchObject({
      FunctionalLocationLabelName: '1010-PUMPS-3',
      SuperiorFunctionalLocation: '1010-PUMPS',
      FunctionalLocationIsActive: true,
    })
    expect(refusalOf(() => post(landscape, { FunctionalLocation: '1010-PUMPS' })).code).toBe('IL/001')
    const lost = { FunctionalLocation: 'X', SuperiorFunctionalLocation: 'NO-SUCH' }
    expect(refusalOf(() => post(landscape, lost)).code).toBe('IL/003')
  })

  it('are deactivated and marked by functions, and not changed while marked', () => {
    const landscape = createLandscape()
    const key = { FunctionalLocation: '1010-PUMPS' }
    landscape.call(LOCATION, 'SetFuncnlLocationToInactive', key)
    landscape.call(LOCATION, 'SetFuncLocToMarkedForDeletion', key)
    expect(landscape.row(LOCATION, 'FunctionalLocation', key)).toMatchObject({
      FuncnlLocIsDeactivated: true,
      FunctionalLocationIsActive: false,
      FuncnlLocIsMarkedForDeletion: true,
    })
    const patch = () =>
      landscape.patch(LOCATION, 'FunctionalLocation', key, { FunctionalLocationName: 'Y' }, { 'if-match': '*' })
    expect(refusalOf(patch).code).toBe('BS/013')
    landscape.call(LOCATION, 'RsetFuncLocFromMrkdForDeletion', key)
    expect(patch().status).toBe(204)
  })
})

describe('notifications', () => {
  const post = (landscape: Landscape) =>
    landscape.post(NOTIFICATION, 'MaintenanceNotification', {
      NotificationType: 'M1',
      NotificationText: 'Leak at pump 3',
      TechnicalObject: '10000045',
      TechObjIsEquipOrFuncnlLoc: 'EAMS_EQUI',
      to_Item: [{ MaintNotifItemText: 'Seal', to_ItemCause: [{ MaintNotifCauseText: 'Wear' }] }],
    })

  it('are created outstanding, with items and causes numbered', () => {
    const landscape = createLandscape()
    const number = post(landscape).entity?.row['MaintenanceNotification'] ?? ''
    expect(landscape.row(NOTIFICATION, 'MaintenanceNotification', { MaintenanceNotification: number })).toMatchObject({
      NotifProcessingPhase: '1',
      ConcatenatedActiveSystStsName: 'OSNO',
      ReportedByUser: 'TRIBUTARY',
      LastChangeDateTime: START_SECOND,
    })
    expect(landscape.rows(NOTIFICATION, 'MaintNotificationItemCause')).toMatchObject([
      { MaintenanceNotification: number, MaintenanceNotificationItem: '1', MaintenanceNotificationCause: '1' },
    ])
  })

  it('are put in process and completed at the given moment, once', () => {
    const landscape = createLandscape()
    const key = { MaintenanceNotification: post(landscape).entity?.row['MaintenanceNotification'] ?? '' }
    expect(landscape.call(NOTIFICATION, 'SetMaintNotifToInProcess', key).entity?.row['NotifProcessingPhase']).toBe('3')
    const completed = landscape.call(NOTIFICATION, 'CompleteMaintNotification', {
      ...key,
      NotificationReferenceDate: TODAY,
      NotificationReferenceTime: 'PT09H15M00S',
    })
    expect(completed.entity?.row).toMatchObject({ NotifProcessingPhase: '4', NotificationReferenceTime: 'PT09H15M00S' })
    expect(refusalOf(() => landscape.call(NOTIFICATION, 'CompleteMaintNotification', key)).code).toBe('BS/007')
    const patch = () =>
      landscape.patch(NOTIFICATION, 'MaintenanceNotification', key, { NotificationText: 'x' }, { 'if-match': '*' })
    expect(refusalOf(patch).code).toBe('BS/007')
  })
})
