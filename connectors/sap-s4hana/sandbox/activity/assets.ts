import type { Row } from '../model.ts'
import { fit } from '../seed/decimals.ts'
import { DAY, UNLIMITED } from '../seed/times.ts'
import { MACHINES } from '../seed/words.ts'
import { type Desk, type Done, NothingToDo, text } from './desk.ts'
import { assetStamp } from './stamps.ts'

const SERVICE = 'API_EQUIPMENT'
const PLACES = 'API_FUNCTIONALLOCATION'

/** `key`: number of an equipment; without it some equipment. */
export function assetActions(desk: Desk) {
  const currentOf = (key?: string): Row => {
    if (key === undefined) return desk.pick(SERVICE, 'Equipment', (row) => row['ValidityEndDate'] === UNLIMITED)
    const row = desk.get(SERVICE, 'Equipment', { Equipment: key, ValidityEndDate: UNLIMITED })
    if (!row) throw new NothingToDo(`there is no equipment ${key}`)
    return row
  }
  const update = (key: string, changes: Row): void => {
    desk.update(
      SERVICE,
      'Equipment',
      { Equipment: key, ValidityEndDate: UNLIMITED },
      { ...changes, ...assetStamp(desk) },
    )
  }
  const newName = (): string => fit(`${desk.dice.pick(MACHINES)[2]} ${desk.dice.int(1, 9999)} 'neu'`, 40)

  return {
    /** Moves the change stamp of the current segment. */
    renameAsset(key?: string): Done {
      const number = text(currentOf(key), 'Equipment')
      update(number, { EquipmentName: newName() })
      return { action: 'renameAsset', key: number }
    },

    /**
     * Installs the equipment at another functional location. The time until now becomes a segment of its own, unless
     * the current one began today. Moves the change stamp of both.
     */
    moveAsset(key?: string): Done {
      const current = currentOf(key)
      const number = text(current, 'Equipment')
      const place = desk.pick(PLACES, 'FunctionalLocation', (row) => row['FuncnlLocIsMarkedForDeletion'] === false)
      const { date } = desk.today()
      const yesterday = date - DAY
      const isOlder = typeof current['ValidityStartDate'] === 'number' && current['ValidityStartDate'] < date
      const past = { Equipment: number, ValidityEndDate: yesterday }
      const period = Number(current['EquipUsagePeriodSequenceNumber'] || 1)
      if (isOlder && !desk.get(SERVICE, 'Equipment', past)) {
        desk.insert(SERVICE, 'Equipment', { ...current, ...past, ValidityEndTime: 'PT23H59M59S', ...assetStamp(desk) })
        update(number, { ValidityStartDate: date, EquipUsagePeriodSequenceNumber: String(period + 1).padStart(3, '0') })
      }
      update(number, {
        FunctionalLocation: text(place, 'FunctionalLocation'),
        FunctionalLocationLabelName: text(place, 'FunctionalLocationLabelName'),
        SuperordinateEquipment: '',
        EquipmentIsInstalled: true,
        EquipIsAllocToSuperiorEquip: false,
      })
      return { action: 'moveAsset', key: number }
    },

    /** Sets the equipment inactive, or active again. Moves the change stamp. */
    deactivateAsset(key?: string): Done {
      const current = currentOf(key)
      const number = text(current, 'Equipment')
      update(number, { EquipmentIsInactive: current['EquipmentIsInactive'] !== true })
      return { action: 'deactivateAsset', key: number }
    },

    /** `key`: a functional location. Moves its change stamp. */
    renamePlace(key?: string): Done {
      const place =
        key === undefined
          ? desk.pick(PLACES, 'FunctionalLocation')
          : desk.get(PLACES, 'FunctionalLocation', { FunctionalLocation: key })
      if (!place) throw new NothingToDo(`there is no functional location ${key}`)
      const FunctionalLocation = text(place, 'FunctionalLocation')
      desk.update(
        PLACES,
        'FunctionalLocation',
        { FunctionalLocation },
        { FunctionalLocationName: newName(), ...assetStamp(desk) },
      )
      return { action: 'renamePlace', key: FunctionalLocation }
    },
  }
}
