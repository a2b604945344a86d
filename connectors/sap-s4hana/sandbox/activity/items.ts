import type { Row } from '../model.ts'
import { decimal, fit } from '../seed/decimals.ts'
import { GOODS } from '../seed/words.ts'
import { type Desk, type Done, NothingToDo, text } from './desk.ts'
import { productStamp } from './stamps.ts'

const SERVICE = 'API_PRODUCT_SRV'

/** `key`: number of a product; without it some product. */
export function itemActions(desk: Desk) {
  const productOf = (key?: string): Row => {
    const row = key === undefined ? desk.pick(SERVICE, 'A_Product') : desk.get(SERVICE, 'A_Product', { Product: key })
    if (!row) throw new NothingToDo(`there is no product ${key}`)
    return row
  }

  return {
    /** Changes every description. Moves the product's change stamp. */
    renameItem(key?: string): Done {
      const Product = text(productOf(key), 'Product')
      const name = `${desk.dice.pick(GOODS).english} ${desk.dice.int(1, 99_999)} "neu"`
      for (const row of desk.find(SERVICE, 'A_ProductDescription', { Product })) {
        const Language = text(row, 'Language')
        desk.update(
          SERVICE,
          'A_ProductDescription',
          { Product, Language },
          { ProductDescription: fit(`${name} ${Language}`, 40) },
        )
      }
      desk.update(SERVICE, 'A_Product', { Product }, productStamp(desk))
      return { action: 'renameItem', key: Product }
    },

    /** Marks the product for deletion, or takes the mark away. Moves the product's change stamp. */
    markItemForDeletion(key?: string): Done {
      const product = productOf(key)
      const Product = text(product, 'Product')
      const isMarked = product['IsMarkedForDeletion'] === true
      desk.update(SERVICE, 'A_Product', { Product }, { IsMarkedForDeletion: !isMarked, ...productStamp(desk) })
      return { action: 'markItemForDeletion', key: Product }
    },

    /** Changes the price and the planning data of one plant. Moves nothing: only reading all products shows it. */
    editPlantData(key?: string): Done {
      const Product = text(productOf(key), 'Product')
      const [plant] = desk.find(SERVICE, 'A_ProductPlant', { Product })
      if (!plant) throw new NothingToDo(`product ${Product} is in no plant`)
      const Plant = text(plant, 'Plant')
      desk.update(
        SERVICE,
        'A_ProductSupplyPlanning',
        { Product, Plant },
        {
          PlannedDeliveryDurationInDays: String(desk.dice.int(0, 120)),
          ReorderThresholdQuantity: decimal(desk.dice.int(1, 99_000), 3),
          MaximumStockQuantity: decimal(desk.dice.int(100_000, 900_000)),
        },
      )
      const [valuation] = desk.find(SERVICE, 'A_ProductValuation', { Product, ValuationArea: Plant })
      if (valuation) {
        const price = decimal(desk.dice.int(1, 90_000) * 1000)
        const column = valuation['InventoryValuationProcedure'] === 'S' ? 'StandardPrice' : 'MovingAveragePrice'
        const valuationKey = { Product, ValuationArea: Plant, ValuationType: text(valuation, 'ValuationType') }
        desk.update(SERVICE, 'A_ProductValuation', valuationKey, { [column]: price })
      }
      return { action: 'editPlantData', key: Product }
    },
  }
}
