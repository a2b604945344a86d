import { one } from '../table.ts'
import { type Basis, type Worlds } from './basis.ts'

const PRODUCTS = 'API_PRODUCT_SRV'

export function itemWrites(basis: Basis): Worlds {
  const { tables, post, count, flag, mark, refusing } = basis
  const described = (target: string | undefined, more: object = {}) => {
    const name = mark('Gasket')
    return {
      ...(target === undefined ? {} : { target }),
      payload: { name, ...more },
      times: count(PRODUCTS, 'A_ProductDescription', { ProductDescription: name }),
    }
  }
  const newItem = async () => {
    const Product = mark('GASKET').replace(' ', '-')
    const texts = [{ Product, Language: 'EN', ProductDescription: mark('Gasket') }]
    await post(PRODUCTS, 'A_Product', { Product, ProductType: 'ERSA', BaseUnit: 'PC', to_Description: texts })
    return Product
  }
  const unused = (target: string) => ({
    target,
    payload: null,
    times: flag(
      () => one(tables.find(PRODUCTS, 'A_Product', { Product: target }), target)['IsMarkedForDeletion'] === true,
    ),
  })
  const unknown = { custom_fields: '{"NoSuchProperty":"x"}' }
  const newProduct = { item_type: 'INVENTORY', unit: 'EA' }
  return {
    CREATE: {
      make: async () => described(undefined, newProduct),
      refused: async () => ({
        ...described(undefined, { ...newProduct, ...unknown }),
        field: null,
        words: /NoSuchProperty/,
      }),
    },
    UPDATE: {
      make: async () => described(await newItem(), { manufacturer_part_number: 'X-1' }),
      next: ({ target }) => described(target),
      refused: async () => ({ ...described(await newItem(), unknown), field: null, words: /NoSuchProperty/ }),
    },
    DELETE: {
      make: async () => unused(await newItem()),
      async refused() {
        const target = await newItem()
        const words = `Material ${target} is in use and cannot be flagged for deletion`
        return { ...unused(target), field: null, words: /in use/, answer: refusing(target, 'M3/180', words) }
      },
    },
  }
}
