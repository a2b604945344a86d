import { one } from '../table.ts'
import { type Basis, PARTNERS, type Worlds } from './basis.ts'

export function vendorWrites(basis: Basis): Worlds {
  const { tables, post, count, flag, mark, refusing } = basis
  const newVendor = async () =>
    String(
      (
        await post(PARTNERS, 'A_BusinessPartner', {
          BusinessPartnerCategory: '2',
          BusinessPartnerGrouping: 'BP02',
          OrganizationBPName1: mark('Nordhafen'),
          to_BusinessPartnerRole: [{ BusinessPartnerRole: 'FLVN00' }, { BusinessPartnerRole: 'FLVN01' }],
          to_BusinessPartnerAddress: [{ Language: 'EN', CityName: 'Kiel', Country: 'DE' }],
        })
      )['Supplier'],
    )
  const partnerOf = (key: string) => one(tables.find(PARTNERS, 'A_BusinessPartner', { Supplier: key }), key)
  const named = (target: string, more: object, name = mark('Nordhafen')) => ({
    target,
    payload: { name, ...more },
    times: flag(() => partnerOf(target)['OrganizationBPName1'] === name),
  })
  const unmade = (target: string) => ({
    target,
    payload: null,
    times: flag(
      () => one(tables.find(PARTNERS, 'A_Supplier', { Supplier: target }), target)['DeletionIndicator'] === true,
    ),
  })
  const newcomer = (over: object = {}) => {
    const name = mark('Suedhafen')
    return {
      payload: { name, city: 'Hamburg', country: 'DE', email: 'orders@suedhafen.example', ...over },
      times: count(PARTNERS, 'A_BusinessPartner', { OrganizationBPName1: name }),
    }
  }
  return {
    CREATE: {
      make: async () => newcomer(),
      refused: async () => ({ ...newcomer({ organization: '9999' }), field: 'organization', words: /9999/ }),
    },
    UPDATE: {
      async make() {
        const [target, email] = [await newVendor(), `${mark('mail').replace(' ', '')}@nordhafen.example`]
        const times = count(PARTNERS, 'A_AddressEmailAddress', { EmailAddress: email })
        return { target, payload: { name: mark('Nordhafen'), city: 'Bremen', email }, times }
      },
      next: ({ target = '' }) => named(target, {}),
      refused: async () => ({
        ...named(await newVendor(), { custom_fields: '{"NoSuchProperty":"x"}' }),
        field: null,
        words: /NoSuchProperty/,
      }),
    },
    DELETE: {
      make: async () => unmade(await newVendor()),
      async refused() {
        const target = await newVendor()
        const words = `Supplier ${target} is used in open purchase orders`
        return { ...unmade(target), field: null, words: /open purchase/, answer: refusing(target, 'F2/213', words) }
      },
    },
  }
}
