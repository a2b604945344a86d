import { afterAll, beforeAll, expect, test } from 'vitest'
import { netsuite } from '../../../../connectors/netsuite/index.ts'
import {
  CONNECTION_DEFAULTS,
  type Connection,
  createLocalCodec,
  type ReadStream,
  sourceKeyOf,
  type WritableEntity,
} from '../../../../core/index.ts'
import { mapChange } from '../../../../services/normalizer/mapping.ts'
import { createSources } from '../../../../services/normalizer/sources.ts'
import { reread } from '../../../../services/writer/reread.ts'
import { type Books, openAccount } from '../../connectors/netsuite/write/driver.ts'

const codec = createLocalCodec()
let books: Books
beforeAll(async () => {
  books = await openAccount({ size: 10 })
})
afterAll(() => books.close())

const connection = (): Connection => ({
  ...CONNECTION_DEFAULTS,
  id: 'works',
  system: 'netsuite',
  includeRaw: true,
  mapping: { ...CONNECTION_DEFAULTS.mapping, timeZone: 'Europe/Berlin', currency: 'USD' },
  settings: { account_id: books.sandbox.account.id, quantities_in: 'base-unit' },
  updatedAt: 0,
})

/** The version in the unified record that the normalizer makes of a change. */
function published(entity: WritableEntity, value: Buffer): string {
  const sources = createSources({ get: connection, generation: () => 0 } as never, () => netsuite, {
    numberOf: () => 1,
  } as never)
  const source = sources.find({ entity } as never, 'works')
  if (source.status !== 'active') throw new Error(source.reason)
  const change = codec.decodeChange(value)
  const unified = codec.unified(entity)
  const record = mapChange(source, change, `works:${entity}:${change.source_id}`)
  return unified.decode(unified.encode(record as never).value).version
}

test.each(Object.keys(netsuite.streams) as WritableEntity[])(
  '%s: a system without versions is answered for with the version that the unified record has',
  async (entity) => {
    const stream = netsuite.streams[entity] as ReadStream<unknown>
    let seen = 0
    const range = { mode: 'snapshot', since: null, until: Date.now() + 1e9, cursor: null, pageSize: 5 } as const
    for await (const page of stream.read(books.session, range, books.signal)) {
      for (const { key } of page.records) {
        const { version, records } = await reread(
          { codec, partitions: 1, now: () => 0 },
          { connection: connection(), connector: netsuite, session: books.session },
          { entity, key: sourceKeyOf(key), commandId: 'command-1' },
          books.signal,
        )
        expect(version).toMatch(/^hash:[0-9a-f]{32}$/)
        expect(published(entity, records[0]?.value as Buffer)).toBe(version)
        if (++seen > 8) return
      }
    }
    expect(seen > 0 || entity === 'asset' || entity === 'work_order').toBe(true)
  },
)
