import type { Row } from '../model.ts'
import { dayOf } from '../seed/times.ts'
import type { Desk } from './desk.ts'

/** The columns in which an object shows that it was changed just now. */

export function partnerStamp(desk: Desk): Row {
  const { date, time } = desk.today()
  return { LastChangeDate: date, LastChangeTime: time, LastChangedByUser: desk.user }
}

export function productStamp(desk: Desk): Row {
  const now = desk.now()
  return { LastChangeDateTime: now, LastChangeDate: dayOf(now), LastChangedByUser: desk.user }
}

export function assetStamp(desk: Desk): Row {
  return { LastChangeDateTime: desk.now(), LastChangedByUser: desk.user }
}

export function workStamp(desk: Desk): Row {
  return { LastChangeDateTime: desk.now(), LastChangeByUser: desk.user }
}
