import { one } from '../table.ts'
import { type Basis, type Worlds } from './basis.ts'

const WORK = 'API_MAINTENANCEORDER'

export function workOrderWrites(basis: Basis): Worlds {
  const { tables, post, id, count, flag, mark, refusing, equipment } = basis
  const newWork = async () =>
    String(
      (
        await post(`${WORK};v=0002`, 'MaintenanceOrder', {
          MaintenanceOrderType: 'YA01',
          MaintenanceOrderDesc: mark('Pump'),
          MaintenancePlanningPlant: '1010',
          MainWorkCenter: 'RES-0100',
          MainWorkCenterPlant: '1010',
          Equipment: equipment,
        })
      )['MaintenanceOrder'],
    )
  const workOf = (key: string) => one(tables.find(WORK, 'MaintenanceOrder', { MaintenanceOrder: key }), key)
  const hasCode = (target: string, code: string) =>
    flag(() => String(workOf(target)['SystemStatusText']).split(/\s+/).includes(code))
  const titled = (target: string, more: object = {}) => {
    const title = mark('Seal')
    const times = count(WORK, 'MaintenanceOrder', { MaintenanceOrderDesc: title })
    return { target, payload: { title, ...more }, times }
  }
  const work = (over: object = {}) => {
    const title = mark('Swap')
    return {
      payload: {
        title,
        status: 'OPEN',
        maintenance_type: 'CORRECTIVE',
        asset_id: id('asset', 'equip', equipment),
        location_id: id('location', 'plant', '1010'),
        tasks: [{ line_ref: 't', description: 'Drain', estimated_hours: '1.5' }],
        ...over,
      },
      times: count(WORK, 'MaintenanceOrder', { MaintenanceOrderDesc: title }),
    }
  }
  const released = (target: string) => ({ target, payload: { status: 'OPEN' }, times: hasCode(target, 'REL') })
  const marked = (target: string) => ({ target, payload: null, times: hasCode(target, 'DLFL') })
  const nowhere = { asset_id: id('asset', 'equip', '99999999') }
  return {
    CREATE: {
      make: async () => work(),
      refused: async () => ({ ...work(nowhere), field: 'asset_id', words: /99999999/ }),
    },
    UPDATE: {
      make: async () => titled(await newWork(), { priority: 'HIGH' }),
      next: ({ target = '' }) => titled(target),
      refused: async () => ({ ...titled(await newWork(), nowhere), field: 'asset_id', words: /99999999/ }),
    },
    SET_STATUS: {
      make: async () => released(await newWork()),
      async refused() {
        const target = await newWork()
        const words = `"Release order" is not allowed (ORD ${target})`
        return { ...released(target), field: null, words: /Release order/, answer: refusing(target, 'BS/007', words) }
      },
    },
    DELETE: {
      make: async () => marked(await newWork()),
      async refused() {
        const target = await newWork()
        const words = `"Deletion flag" is not allowed (ORD ${target})`
        return { ...marked(target), field: null, words: /Deletion flag/, answer: refusing(target, 'BS/007', words) }
      },
    },
  }
}
