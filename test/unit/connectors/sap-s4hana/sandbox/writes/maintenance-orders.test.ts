import { describe, expect, it } from 'vitest'
import { createLandscape, type Landscape, NOTIFICATION, ORDER, refusalOf, START_SECOND } from './landscape.ts'

const BODY = {
  MaintenanceOrderType: 'YA01',
  MaintenanceOrderDesc: 'Replace seal',
  MaintenancePlanningPlant: '1010',
  MainWorkCenter: 'RES-0100',
  Equipment: '10000045',
  MaintPriority: '2',
  MaintOrdBasicStartDateTime: '2026-01-18T08:00:00Z',
  MaintOrdBasicEndDateTime: '/Date(1768752000000+0000)/',
}
const OPERATION = {
  OperationDescription: 'Swap seal',
  OperationControlKey: 'YBM1',
  MaintOrdOperationWorkDuration: '2.0',
  to_MaintOrderOpComponent_2: [{ Product: 'SEAL-40', QuantityInUnitOfEntry: '2', StorageLocation: '101A' }],
}

function create(landscape: Landscape, changed: object = {}): string {
  const { entity } = landscape.post(ORDER, 'MaintenanceOrder', { ...BODY, ...changed })
  return String(entity?.row['MaintenanceOrder'])
}

const row = (landscape: Landscape, number: string) =>
  landscape.row(ORDER, 'MaintenanceOrder', { MaintenanceOrder: number })
const step = (landscape: Landscape, number: string, name: string, parameters: object = {}) =>
  landscape.call(ORDER, name, { MaintenanceOrder: number, ...parameters })

describe('creation', () => {
  it('with operations and components, in one deep insert', () => {
    const landscape = createLandscape()
    const operations = [OPERATION, { MaintenanceOrderOperation: '40', OperationDescription: 'Test run' }]
    const number = create(landscape, { to_MaintenanceOrderOperation: operations })
    expect(row(landscape, number)).toMatchObject({
      MaintenanceOrder: '4000001',
      CompanyCode: '1010',
      MaintenancePlant: '1010',
      EquipmentName: 'Pump 3',
      SystemStatusText: 'CRTD MANC',
      MaintOrdProcessPhaseCode: '02',
      MaintOrdBasicStartDate: Date.UTC(2026, 0, 18),
      MaintOrdBasicStartTime: 'PT08H00M00S',
      MaintOrdBasicEndDateTime: 1768752000000,
      LastChangeDateTime: START_SECOND,
      MaintOrderCreationDateTime: START_SECOND,
    })
    expect(landscape.rows(ORDER, 'MaintenanceOrderOperation').map((it) => it['MaintenanceOrderOperation'])).toEqual([
      '0010',
      '0040',
    ])
    expect(landscape.rows(ORDER, 'MaintOrderOpComponent')).toMatchObject([
      {
        MaintenanceOrder: number,
        MaintenanceOrderOperation: '0010',
        MaintenanceOrderComponent: '0010',
        MaintOrdOperationComponentText: 'SEAL-40 text',
        BaseUnit: 'PC',
        MaintOrdOpCompRequiredQuantity: '2',
        Plant: '1010',
      },
    ])
  })

  it('without operations makes the first one from the header', () => {
    const landscape = createLandscape()
    create(landscape)
    expect(landscape.rows(ORDER, 'MaintenanceOrderOperation')).toMatchObject([
      {
        MaintenanceOrderOperation: '0010',
        OperationDescription: 'Replace seal',
        WorkCenter: 'RES-0100',
        Plant: '1010',
      },
    ])
  })

  it.each([
    [{ MaintenanceOrderType: '' }, 'ME/083'],
    [{ MainWorkCenter: null }, 'ME/083'],
    [{ Equipment: '' }, 'IW/120'],
    [{ Equipment: '4711' }, 'IE/006'],
    [{ Equipment: '', FunctionalLocation: 'NO-SUCH' }, 'IL/003'],
    [{ MaintenancePlanningPlant: '9999' }, 'M7/001'],
    [{ MaintOrdBasicEndDateTime: '2026-01-17T08:00:00Z' }, 'CO/231'],
    [{ to_MaintenanceOrderOperation: [{ to_MaintOrderOpComponent_2: [{ Product: 'SEAL-40' }] }] }, 'CN/052'],
  ])('with %j is refused with %s', (changed, code) => {
    expect(refusalOf(() => create(createLandscape(), changed)).code).toBe(code)
  })

  it('of an operation by itself is disabled', () => {
    const landscape = createLandscape()
    const number = create(landscape)
    const alone = () => landscape.post(ORDER, 'MaintenanceOrderOperation', { MaintenanceOrder: number })
    const below = () =>
      landscape.postBelow(ORDER, 'MaintenanceOrder', { MaintenanceOrder: number }, 'to_MaintenanceOrderOperation', {})
    for (const run of [alone, below])
      expect(refusalOf(run)).toMatchObject({ status: 405, code: 'CX_SADL_ENTITY_CUD_DISABLED' })
  })
})

describe('If-Match', () => {
  const tag = (ms: number) =>
    `W/"datetimeoffset'${new Date(ms).toISOString().slice(0, 19).replaceAll(':', '%3A')}.0000000Z'"`
  const change = { MaintenanceOrderDesc: 'Other' }

  it('is needed for a change (428), must be fresh (412), and takes a star', () => {
    const landscape = createLandscape()
    const key = { MaintenanceOrder: create(landscape) }
    const patch = (headers: object) => () => landscape.patch(ORDER, 'MaintenanceOrder', key, change, { ...headers })
    expect(refusalOf(patch({}))).toMatchObject({ status: 428, code: '/IWBEP/CM_MGW_RT/194' })
    expect(refusalOf(patch({ 'if-match': tag(START_SECOND - 1000) })).status).toBe(412)
    expect(refusalOf(patch({ 'if-match': '"nonsense"' })).status).toBe(412)
    landscape.wait(3_000)
    expect(patch({ 'if-match': tag(START_SECOND) })().status).toBe(204)
    expect(refusalOf(patch({ 'if-match': tag(START_SECOND) })).status).toBe(412)
    expect(patch({ 'if-match': '*' })().status).toBe(204)
  })

  it('is needed for functions, with a code of its own', () => {
    const landscape = createLandscape()
    const number = create(landscape)
    const run = () => landscape.call(ORDER, 'ReleaseMaintenanceOrder', { MaintenanceOrder: number }, {})
    expect(refusalOf(run)).toMatchObject({ status: 428, code: 'SADL_ENTITY_RUNTIME/006' })
  })

  it('is not asked for where the switch says so', () => {
    const landscape = createLandscape({ etagRequired: { MaintenanceOrder: false } })
    const number = create(landscape)
    expect(landscape.patch(ORDER, 'MaintenanceOrder', { MaintenanceOrder: number }, change).status).toBe(204)
    expect(landscape.call(ORDER, 'ReleaseMaintenanceOrder', { MaintenanceOrder: number }, {}).status).toBe(200)
  })
})

describe('status', () => {
  it('goes from created over released and technically completed to closed, and back', () => {
    const landscape = createLandscape()
    const number = create(landscape)
    const seen = [
      'ReleaseMaintenanceOrder',
      'SetMaintOrdToTechCompleted',
      'SetMaintOrderStatusToClosed',
      'ResetMaintOrderStatusClosed',
      'ResetMaintOrdStsTechCompleted',
    ].map((name) => {
      landscape.wait(1_000)
      expect(step(landscape, number, name).result).toMatchObject({
        name,
        type: 'cds_api_maintenanceorder_2.DummyFunctionImportResult',
        value: { IsInvalid: false },
      })
      const { SystemStatusText, MaintOrdProcessPhaseCode } = row(landscape, number)
      return `${String(MaintOrdProcessPhaseCode)} ${String(SystemStatusText)}`
    })
    expect(seen).toEqual([
      '03 REL  MANC PRC  SETC',
      '08 TECO MANC PRC  SETC',
      '09 CLSD MANC PRC  SETC',
      '08 TECO MANC PRC  SETC',
      '03 REL  MANC PRC  SETC',
    ])
    expect(row(landscape, number)['LastChangeDateTime']).toBe(START_SECOND + 5_000)
    expect(landscape.rows(ORDER, 'MaintenanceOrderOperation')[0]?.['SystemStatusText']).toBe('REL')
  })

  it.each([
    ['SetMaintOrdToTechCompleted', 'CRTD'],
    ['SetMaintOrderStatusToClosed', 'CRTD'],
    ['ResetMaintOrdStsTechCompleted', 'CRTD'],
    ['SetMaintOrderStatusToUnlocked', 'CRTD'],
  ])('%s is refused for a created order, naming the status', (name, status) => {
    const landscape = createLandscape()
    const number = create(landscape)
    const refused = refusalOf(() => step(landscape, number, name))
    expect(refused).toMatchObject({ status: 400, code: 'BS/007', codes: ['BS/007', 'BS/013'] })
    expect(row(landscape, number)['SystemStatusText']).toContain(status)
  })

  it('lock and deletion flag stand beside the main status and bar other steps', () => {
    const landscape = createLandscape()
    const number = create(landscape)
    step(landscape, number, 'SetMaintOrderStatusToLocked')
    expect(row(landscape, number)['SystemStatusText']).toBe('CRTD LKD  MANC')
    expect(refusalOf(() => step(landscape, number, 'ReleaseMaintenanceOrder')).code).toBe('BS/007')
    step(landscape, number, 'SetMaintOrderStatusToUnlocked')
    step(landscape, number, 'SetMaintOrdStsToMrkdForDeltn')
    expect(row(landscape, number)['SystemStatusText']).toBe('CRTD DLFL MANC')
    const patch = () =>
      landscape.patch(
        ORDER,
        'MaintenanceOrder',
        { MaintenanceOrder: number },
        { MaintPriority: '1' },
        { 'if-match': '*' },
      )
    expect(refusalOf(patch).code).toBe('BS/007')
    step(landscape, number, 'ResetMaintOrdStsMrkdForDeltn')
    expect(patch().status).toBe(204)
  })

  it('"do not execute" is undone to where it came from', () => {
    const landscape = createLandscape()
    const [created, released] = [create(landscape), create(landscape)]
    step(landscape, released, 'ReleaseMaintenanceOrder')
    for (const number of [created, released]) {
      step(landscape, number, 'SetMaintOrderToDoNotExecute')
      expect(row(landscape, number)).toMatchObject({
        SystemStatusText: expect.stringContaining('NCMP') as string,
        MaintOrdProcessPhaseCode: '09',
        MaintOrdProcessSubPhaseCode: '0002',
      })
      step(landscape, number, 'ResetStatusFromDoNotExecute')
    }
    expect(row(landscape, created)['SystemStatusText']).toBe('CRTD MANC')
    expect(row(landscape, released)['SystemStatusText']).toBe('REL  MANC PRC  SETC')
  })

  it('technical completion takes the given moment and completes the notification when asked', () => {
    const landscape = createLandscape()
    const { entity } = landscape.post(NOTIFICATION, 'MaintenanceNotification', {
      NotificationType: 'M1',
      NotificationText: 'Leak',
    })
    const notification = String(entity?.row['MaintenanceNotification'])
    const number = create(landscape)
    step(landscape, number, 'AssignMaintNotificationToOrder', {
      MaintenanceNotification: notification,
      NotificationIsHeaderNotif: true,
    })
    step(landscape, number, 'ReleaseMaintenanceOrder')
    const moment = Date.UTC(2026, 0, 14, 16, 30)
    step(landscape, number, 'SetMaintOrdToTechCompleted', {
      MaintOrderReferenceDateTime: moment,
      MainWrkCmpltdDateTimeIsUsed: false,
      AssignedMaintNotifIsToBeClosed: true,
    })
    expect(row(landscape, number)).toMatchObject({
      MaintOrderReferenceDateTime: moment,
      MaintOrderReferenceTime: 'PT16H30M00S',
      MaintenanceNotification: notification,
    })
    expect(
      landscape.row(NOTIFICATION, 'MaintenanceNotification', { MaintenanceNotification: notification }),
    ).toMatchObject({
      NotifProcessingPhase: '4',
      ConcatenatedActiveSystStsName: 'NOCO',
      MaintenanceOrder: number,
      NotificationReferenceDate: Date.UTC(2026, 0, 14),
    })
  })

  it('approval and main work show in the phase alone', () => {
    const landscape = createLandscape()
    const number = create(landscape)
    step(landscape, number, 'SubmitMaintOrderForApproval')
    expect(row(landscape, number)).toMatchObject({ MaintOrdProcessPhaseCode: '04', SystemStatusText: 'CRTD MANC' })
    step(landscape, number, 'ReleaseMaintenanceOrder')
    step(landscape, number, 'SetMaintOrdToMainWorkComplete')
    expect(row(landscape, number)).toMatchObject({
      MaintOrdProcessPhaseCode: '08',
      MainWorkCompletedDateTime: START_SECOND,
    })
  })

  it('after technical completion some fields no longer change, behind a 204', () => {
    const landscape = createLandscape()
    const number = create(landscape)
    step(landscape, number, 'ReleaseMaintenanceOrder')
    step(landscape, number, 'SetMaintOrdToTechCompleted')
    const body = { MaintPriority: '1', MaintenanceOrderDesc: 'Done' }
    landscape.patch(ORDER, 'MaintenanceOrder', { MaintenanceOrder: number }, body, { 'if-match': '*' })
    expect(row(landscape, number)).toMatchObject({ MaintPriority: '2', MaintenanceOrderDesc: 'Done' })
  })

  it('a locked object refuses functions with a text that asks to try again', () => {
    const landscape = createLandscape()
    const number = create(landscape)
    landscape.switches.locks.set(number, Number.POSITIVE_INFINITY)
    expect(refusalOf(() => step(landscape, number, 'ReleaseMaintenanceOrder'))).toMatchObject({
      code: 'CO/469',
      message: expect.stringMatching(/being processed/) as string,
    })
  })
})

describe('operations', () => {
  const key = (number: string) => ({
    MaintenanceOrder: number,
    MaintenanceOrderOperation: '0010',
    MaintenanceOrderSubOperation: '',
  })

  it('are changed by themselves and move the order', () => {
    const landscape = createLandscape()
    const number = create(landscape)
    landscape.wait(2_000)
    landscape.patch(ORDER, 'MaintenanceOrderOperation', key(number), { OperationDescription: 'Swap' })
    expect(row(landscape, number)['LastChangeDateTime']).toBe(START_SECOND + 2_000)
  })

  it('go when the order is new, and are marked once it is released', () => {
    const landscape = createLandscape()
    const [fresh, released] = [create(landscape), create(landscape)]
    step(landscape, released, 'ReleaseMaintenanceOrder')
    for (const number of [fresh, released])
      landscape.send('DELETE', ORDER, 'MaintenanceOrderOperation', key(number), undefined)
    expect(landscape.has(ORDER, 'MaintenanceOrderOperation', key(fresh))).toBe(false)
    expect(landscape.row(ORDER, 'MaintenanceOrderOperation', key(released))['IsMarkedForDeletion']).toBe(true)
  })
})
