import type { EntitySet, EntityType, Navigation } from './model.ts'

/** Property names of both sides of a constraint, in the same order. */
export interface Ends {
  readonly own: readonly string[]
  readonly theirs: readonly string[]
}

/** `<type>.<navigation>` whose columns have other names on the two sides, without a constraint saying so. */
const OTHER_NAMES: { readonly [navigation: string]: Navigation['on'] } = {
  'A_BusinessPartnerType.to_BPRelationship': [['BusinessPartner', 'BusinessPartner1']],
  'A_BusinessPartnerType.to_BusinessPartnerContact': [['BusinessPartner', 'BusinessPartnerCompany']],
}

/** Fixed and mobile numbers are rows of one set; the type tells them apart. */
const FIXED: { readonly [navigation: string]: Navigation['fixed'] } = {
  to_PhoneNumber: [['PhoneNumberType', '1']],
  to_MobilePhoneNumber: [['PhoneNumberType', '3']],
}

/** How a navigation is joined: the metadata's constraint, else the properties both sides have under one name. */
export function joinOf(
  name: string,
  own: EntityType,
  target: EntitySet,
  many: boolean,
  ends: Ends | null,
): Pick<Navigation, 'on' | 'fixed'> {
  const fixed = (FIXED[name] ?? []).filter(([property]) => target.type.properties.has(property))
  if (ends !== null) return { on: ends.own.map((property, at) => [property, ends.theirs[at] ?? property]), fixed }
  const special = OTHER_NAMES[`${own.name}.${name}`]
  if (special !== undefined) return { on: special, fixed }
  const shared = many
    ? own.keys.filter((key) => target.type.properties.has(key))
    : target.type.keys.filter((key) => own.properties.has(key))
  return { on: shared.map((property) => [property, property]), fixed }
}
