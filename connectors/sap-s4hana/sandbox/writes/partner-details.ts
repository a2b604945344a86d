/** What hangs below business partners: addresses with their communication data, tax numbers, bank details. */

import { movePartner, PARTNERS, partnerLock } from './business-partners.ts'
import { nextItem, takeNumber } from './number-ranges.ts'
import { below, createDraft } from './payload.ts'
import { enter } from './refusals.ts'
import type { EntityRules } from './rules.ts'
import { fill, rowsWhere, textOf, type Work } from './work.ts'

const UNLIMITED = 253402214400000

export const partnerAddresses: EntityRules = {
  prepare: (work, draft) => {
    const { row } = draft
    if (textOf(row, 'Country') === '') throw enter('Country', 'Country')
    row['AddressID'] = freeAddress(work)
    fill(row, { ValidityStartDate: work.today, ValidityEndDate: UNLIMITED, Language: work.language, Person: '' })
    const usage = draft.set.type.navigations.get('to_AddressUsage')?.target
    const usages = below(draft, 'to_AddressUsage')
    if (usage !== undefined && usages.length === 0) usages.push(createDraft(usage, { AddressUsage: 'XXDEFAULT' }))
  },
  created: (work, draft, top) => {
    if (top) movePartner(work, draft.row['BusinessPartner'])
  },
  changed: (work, _before, after) => movePartner(work, after['BusinessPartner']),
  lock: (row) => partnerLock(textOf(row, 'BusinessPartner')),
}

export const addressUsages: EntityRules = {
  prepare: (work, draft) => {
    fill(draft.row, { ValidityStartDate: work.today, ValidityEndDate: UNLIMITED })
    draft.row['StandardUsage'] ??= true
  },
}

/** Mail addresses and telephone numbers: numbered per address, the first is the default. */
function communication(set: string, isDefault: string): EntityRules {
  return {
    prepare: (work, draft) => {
      const { row } = draft
      row['Person'] ??= ''
      const others = rowsWhere(work, PARTNERS, set, {
        AddressID: row['AddressID'] ?? '',
        Person: row['Person'],
      })
      fill(row, { OrdinalNumber: nextItem(others, 'OrdinalNumber', 1) })
      row[isDefault] ??= others.length === 0
      derive(row)
    },
    change: (_work, current, changes) => {
      const after = { ...current, ...changes }
      derive(after)
      const { SearchEmailAddress = '', InternationalPhoneNumber = '' } = after
      return {
        ...changes,
        ...('SearchEmailAddress' in current ? { SearchEmailAddress } : {}),
        ...('InternationalPhoneNumber' in current ? { InternationalPhoneNumber } : {}),
      }
    },
    created: (work, draft, top) => {
      if (top) moveByAddress(work, textOf(draft.row, 'AddressID'))
    },
    changed: (work, _before, after) => moveByAddress(work, textOf(after, 'AddressID')),
  }
}

export const emailAddresses = communication('A_AddressEmailAddress', 'IsDefaultEmailAddress')
export const phoneNumbers = communication('A_AddressPhoneNumber', 'IsDefaultPhoneNumber')

export const partnerDetails: EntityRules = {
  created: (work, draft, top) => {
    if (top) movePartner(work, draft.row['BusinessPartner'])
  },
  changed: (work, _before, after) => movePartner(work, after['BusinessPartner']),
  lock: (row) => partnerLock(textOf(row, 'BusinessPartner')),
}

/** Unique over all partners. */
function freeAddress(work: Work): string {
  for (;;) {
    const number = takeNumber(work.store, 'address')
    if (rowsWhere(work, PARTNERS, 'A_BusinessPartnerAddress', { AddressID: number }).length === 0) return number
  }
}

function derive(row: { [property: string]: string | number | boolean | null }): void {
  if ('EmailAddress' in row) row['SearchEmailAddress'] = textOf(row, 'EmailAddress').toUpperCase().slice(0, 20)
  if (!('PhoneNumber' in row)) return
  const dial = DIAL[textOf(row, 'DestinationLocationCountry')] ?? ''
  const digits = textOf(row, 'PhoneNumber').replaceAll(/\D/g, '').replace(/^0/, '')
  row['InternationalPhoneNumber'] = `${dial}${digits}${textOf(row, 'PhoneNumberExtension')}`.slice(0, 30)
}

const DIAL: Readonly<Record<string, string>> = { AT: '+43', CH: '+41', DE: '+49', FR: '+33', GB: '+44', US: '+1' }

function moveByAddress(work: Work, address: string): void {
  for (const row of rowsWhere(work, PARTNERS, 'A_BusinessPartnerAddress', { AddressID: address }))
    movePartner(work, row['BusinessPartner'])
}
