import { expect, test } from 'vitest'
import { stockLevels as netsuite } from '../../../connectors/netsuite/read/stock-levels.ts'
import { stockLevels as sap } from '../../../connectors/sap-s4hana/read/stock-levels.ts'
import { parseUnifiedId, type ReadStream, sourceKeyOf, type MappingSettings } from '../../../core/index.ts'
import { openAccount } from './netsuite/write/driver.ts'
import { openSap } from './sap-s4hana/write/driver.ts'

/** Levels whose key is not the one that item and location give. */
async function strays(stream: ReadStream<never, 'stock_level'>, session: never, mapping: MappingSettings) {
  const strays: string[] = []
  let seen = 0
  const range = { mode: 'snapshot', since: null, until: Date.now() + 1e9, cursor: null, pageSize: 100 } as const
  for await (const page of stream.read(session, range, new AbortController().signal))
    for (const record of page.records) {
      const key = sourceKeyOf(record.key)
      const { item_id, location_id } = stream.toUnified(record.payload, mapping, key)
      const parts = (id: string | null) => parseUnifiedId(id ?? '').parts ?? []
      const told = stream.levelKey?.(parts(item_id), parts(location_id))
      if (told !== key) strays.push(`${key}: ${told}`)
      seen++
    }
  return { strays, seen }
}

test('a stock level has the key that its item and its location give, in SAP and in NetSuite', async () => {
  const [works, books] = [await openSap(), await openAccount({ size: 20 })]
  const found = [
    await strays(sap as never, works.session as never, works.mapping),
    await strays(netsuite as never, books.session as never, books.mapping),
  ]
  await Promise.all([works.close(), books.close()])
  for (const { strays, seen } of found) {
    expect(strays).toEqual([])
    expect(seen).toBeGreaterThan(10)
  }
})
