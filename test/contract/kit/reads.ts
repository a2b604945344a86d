import { setImmediate } from 'node:timers/promises'
import { CorruptCursorError, type Cursor } from '../../../core/index.ts'
import { allKeys, incrementRange, keyText, never, open, readAll, snapshotRange, streamOf } from './harness.ts'
import { must, type StreamRule, thrownBy, worldOf } from './rules.ts'

const sorted = (keys: Iterable<string>) => [...keys].sort().join(' ')

export const READ_RULES: readonly StreamRule[] = [
  {
    id: 'R1',
    statement: 'resuming from any cursor loses nothing, invents nothing and does not start over',
    async check(harness, entity) {
      const stream = streamOf(harness, entity)
      const { session } = await open(harness)
      await worldOf(harness, entity).add(7)
      const until = await harness.systemTime()
      const pages: { keys: string[]; cursor: Cursor }[] = []
      for await (const page of stream.read(session, snapshotRange(until, 3), never()))
        pages.push({ keys: page.records.map(keyText), cursor: page.cursor })
      must(pages.length > 2, `${pages.length} pages are too few to try`)
      const picked = pages.map((_, at) => at).filter((at) => at < 4 || at > pages.length - 4)
      for (const at of picked) {
        const cursor = JSON.parse(JSON.stringify(pages[at]?.cursor)) as Cursor
        const rest = await readAll(stream, (await open(harness)).session, snapshotRange(until, 3, cursor))
        const wanted = pages.slice(at + 1).flatMap(({ keys }) => keys)
        must(
          sorted(rest.map(keyText)) === sorted(wanted),
          `resumed after page ${at}: other records than the first time`,
        )
      }
    },
  },
  {
    id: 'R2',
    statement: 'records sharing one timestamp across page boundaries are all delivered',
    async check(harness, entity) {
      const stream = streamOf(harness, entity)
      const { session } = await open(harness)
      const since = await harness.systemTime()
      const keys = await worldOf(harness, entity).add(10)
      const records = await readAll(stream, session, incrementRange(since, await harness.systemTime(), 3))
      const got = new Set(records.map(keyText))
      const lost = keys.filter((key) => !got.has(key))
      must(lost.length === 0, `lost: ${lost.join(', ')}`)
      const stamps = new Map<number, number>()
      for (const { version } of records) stamps.set(version, (stamps.get(version) ?? 0) + 1)
      must(Math.max(...stamps.values()) > 3, 'the harness made no records with one timestamp')
    },
  },
  {
    id: 'R3',
    statement: 'a record changed while paging is delivered in its last state',
    async check(harness, entity) {
      const stream = streamOf(harness, entity)
      const world = worldOf(harness, entity)
      const { session } = await open(harness)
      const added = await world.add(6)
      const start = await harness.systemTime()
      const last = new Map<string, string>()
      const changes = new Map<string, string>()
      const take = (record: Parameters<typeof keyText>[0] & { payload: never }) => {
        const key = keyText(record)
        last.set(key, JSON.stringify(stream.toUnified(record.payload, harness.mapping, key)))
      }
      for await (const page of stream.read(session, snapshotRange(start, 3), never())) {
        for (const record of page.records) take(record as never)
        if (changes.size > 0) continue
        // one that was delivered just now, and one that is still to come
        const delivered = page.records.map(keyText).find((key) => added.includes(key))
        if (delivered === undefined) continue
        const ahead = added.findLast((key) => !last.has(key)) ?? delivered
        for (const key of new Set([delivered, ahead])) changes.set(key, await world.change(key))
      }
      must(changes.size === 2, 'too few of the new records came to change any')
      const end = await harness.systemTime()
      for (const record of await readAll(stream, session, incrementRange(start, end, 3))) take(record as never)
      for (const [key, text] of changes)
        must(last.get(key)?.includes(text) === true, `${key}: "${text}" is not in ${last.get(key)}`)
    },
  },
  {
    id: 'R4',
    statement: 'a corrupt or foreign cursor is refused, not ignored',
    async check(harness, entity) {
      const stream = streamOf(harness, entity)
      const { session } = await open(harness)
      await worldOf(harness, entity).add(1)
      const until = await harness.systemTime()
      let good: Cursor | null = null
      for await (const page of stream.read(session, snapshotRange(until, 2), never())) {
        good = page.cursor
        break
      }
      must(good !== null, 'no page, no cursor')
      const [name = ''] = Object.keys(good)
      const corrupt: Cursor[] = [
        {},
        { nonsense: 1 },
        { [name]: 'x' },
        { [name]: -1 },
        { [name]: null },
        { ...good, more: 1 },
      ]
      for (const cursor of corrupt) {
        const error = await thrownBy(() => readAll(stream, session, snapshotRange(until, 2, cursor)))
        must(error instanceof CorruptCursorError, `${JSON.stringify(cursor)} was taken: ${String(error)}`)
      }
    },
  },
  {
    id: 'R5',
    statement: 'a deleted record is missing from the keys; an interrupted list never ends normally',
    appliesTo: ({ streams }, entity) => streams[entity]?.deletes === 'by-absence',
    async check(harness, entity) {
      const stream = streamOf(harness, entity)
      const world = worldOf(harness, entity)
      must(world.remove !== undefined, 'the harness cannot remove a record')
      const { session, wire } = await open(harness)
      const [gone = '', kept = ''] = await world.add(2)
      const before = await allKeys(stream, session)
      must(before.has(gone) && before.has(kept), 'a new record is missing from the keys')
      await world.remove(gone)
      const after = await allKeys(stream, session)
      must(!after.has(gone), `${gone} was deleted and is listed`)
      must(after.has(kept), `${kept} is there and is not listed`)
      must((await stream.readOne(session, gone, never())) === null, `${gone} was deleted and can be read`)
      const faults = [
        { status: 403, headers: { 'content-type': 'text/html' }, body: '<html>Forbidden</html>' },
        { status: 502, body: '<html>Bad gateway</html>' },
        { status: 200, body: '{"id": 1, "resu' },
        { status: 200, body: '<html>maintenance</html>' },
      ]
      for (const fault of faults) {
        wire.before = () => fault
        const error = await thrownBy(() => allKeys(stream, session))
        must(error !== null, `the list ended normally though the system answered ${JSON.stringify(fault)}`)
      }
    },
  },
  {
    id: 'R7',
    statement: 'for a consumer that does not ask no more than one page is read ahead',
    async check(harness, entity) {
      const { session, wire } = await open(harness)
      await worldOf(harness, entity).add(12)
      const stream = streamOf(harness, entity)
      const range = snapshotRange(await harness.systemTime(), 2)
      const before = wire.requests.length
      let count = 0
      for await (const _page of stream.read(session, range, never())) count++
      const whole = wire.requests.length - before
      const pages = stream.read(session, range, never())[Symbol.asyncIterator]()
      await pages.next()
      const asked = wire.requests.length
      must(asked - before - whole <= whole / 2 + 1, 'the first page comes when half of all has been read')
      // as long as another request takes, and then some
      await harness.connector.clock(session, never())
      for (let turn = 0; turn < 100; turn++) await setImmediate()
      const aPage = Math.ceil(whole / count)
      must(wire.requests.length <= asked + 1 + aPage, 'pages are read that nobody asked for')
      await pages.return?.()
    },
  },
  {
    id: 'R8',
    statement: 'an empty source and one of more than 10,000 records both work',
    async check(harness, entity) {
      const stream = streamOf(harness, entity)
      const world = worldOf(harness, entity)
      must(world.fill !== undefined, 'the harness cannot make 10,000 records')
      const empty = await open(harness, harness.empty)
      const until = await harness.systemTime()
      const nothing = await readAll(stream, empty.session, snapshotRange(until, 100))
      must(nothing.length === 0, `${nothing.length} records in an empty source`)
      const filled = await world.fill(10_000)
      const { session } = await open(harness, filled ?? harness.config)
      const keys = new Set<string>()
      let largest = 0
      for await (const page of stream.read(session, snapshotRange(until, 1001), never())) {
        for (const record of page.records) {
          must(!keys.has(keyText(record)), `${keyText(record)} came twice`)
          keys.add(keyText(record))
        }
        largest = Math.max(largest, page.records.length)
      }
      must(keys.size > 10_000, `${keys.size} of more than 10,000`)
      must(largest <= 1001, `a page of ${largest}`)
      if (stream.listKeys !== undefined)
        must(sorted(await allKeys(stream, session)) === sorted(keys), 'the keys differ from what was read')
    },
  },
  {
    id: 'R9',
    statement: 'a record that cannot be read is reported, and the others are delivered',
    async check(harness, entity) {
      const stream = streamOf(harness, entity)
      const world = worldOf(harness, entity)
      must(world.spoil !== undefined, 'the harness cannot make a record unreadable')
      const { session } = await open(harness)
      const keys = await world.add(5)
      const bad = keys[2] ?? ''
      const repair = await world.spoil(bad)
      try {
        const got = new Set<string>()
        const reported = new Set<string | null>()
        for await (const page of stream.read(session, snapshotRange(await harness.systemTime(), 1000), never())) {
          for (const record of page.records) got.add(keyText(record))
          for (const { key } of page.undecodable ?? []) reported.add(key)
        }
        must(reported.has(bad), `${bad} was not reported`)
        must(reported.size === 1, `reported as well: ${[...reported].join(', ')}`)
        for (const key of keys) must(key === bad || got.has(key), `${key} was lost with it`)
      } finally {
        await repair()
      }
    },
  },
]
