import {
  CorruptCursorError,
  type JsonObject,
  type Page,
  type RawRecord,
  RetryableError,
} from '../../../../core/index.ts'
import { keyText } from '../harness.ts'
import { type Fault, withPages, withRead, withStreams } from './plant.ts'

/** Found by the rules of reading. */
export const READING_FAULTS: readonly Fault[] = [
  {
    title: 'starts over when resumed',
    finds: ['R1'],
    complaint: /other records than the first time/,
    plant: (harness) =>
      withRead(
        harness,
        (read) =>
          async function* (session, range, signal) {
            // a corrupt cursor is still refused
            if (range.cursor !== null) for await (const _ of read(session, range, signal)) break
            yield* read(session, { ...range, cursor: null }, signal)
          },
      ),
  },
  {
    title: 'skips a record where it goes on',
    finds: ['R1'],
    complaint: /other records than the first time/,
    plant: (harness) =>
      withRead(
        harness,
        (read) =>
          async function* (session, range, signal) {
            let first = range.cursor !== null
            for await (const page of read(session, range, signal)) {
              yield first ? { ...page, records: page.records.slice(1) } : page
              first = false
            }
          },
      ),
  },
  {
    title: 'takes a record with the timestamp of the last one for known',
    finds: ['R2'],
    complaint: /^Error: lost: /,
    plant: (harness) =>
      withRead(
        harness,
        (read) =>
          async function* (session, range, signal) {
            let last = Number.NaN
            for await (const page of read(session, range, signal)) {
              const isTie = ({ version }: RawRecord) => range.mode === 'incremental' && version === last
              yield { ...page, records: page.records.filter((record) => !isTie(record)) }
              last = page.records.at(-1)?.version ?? last
            }
          },
      ),
  },
  {
    title: 'delivers records as it saw them first',
    finds: ['R3'],
    complaint: /is not in/,
    plant(harness) {
      const seen = new WeakMap<object, Map<string, JsonObject>>()
      return withRead(
        harness,
        (read) =>
          async function* (session, range, signal) {
            const mine = seen.get(session as object) ?? new Map<string, JsonObject>()
            seen.set(session as object, mine)
            for await (const page of read(session, range, signal))
              yield {
                ...page,
                records: page.records.map((record) => {
                  const key = keyText(record)
                  const payload = mine.get(key) ?? record.payload
                  mine.set(key, payload)
                  return { ...record, payload }
                }),
              }
          },
      )
    },
  },
  {
    title: 'ignores a corrupt cursor',
    finds: ['R4'],
    complaint: /was taken/,
    plant: (harness) =>
      withRead(
        harness,
        (read) =>
          async function* (session, range, signal) {
            try {
              yield* read(session, range, signal)
            } catch (error) {
              if (!(error instanceof CorruptCursorError)) throw error
              yield* read(session, { ...range, cursor: null }, signal)
            }
          },
      ),
  },
  {
    title: 'takes a failed list for a complete one',
    finds: ['R5'],
    complaint: /the list ended normally/,
    plant: (harness) =>
      withStreams(harness, (stream) =>
        stream.listKeys === undefined
          ? {}
          : {
              async *listKeys(session, signal) {
                try {
                  yield* stream.listKeys?.(session, signal) ?? []
                } catch {
                  // as far as it came
                }
              },
            },
      ),
  },
  {
    title: 'lists what was deleted',
    finds: ['R5'],
    complaint: /was deleted and is listed/,
    plant(harness) {
      const known = new WeakMap<object, Set<string | readonly string[]>>()
      return withStreams(harness, (stream) =>
        stream.listKeys === undefined
          ? {}
          : {
              async *listKeys(session, signal) {
                const mine = known.get(session as object) ?? new Set<string | readonly string[]>()
                known.set(session as object, mine)
                yield [...mine]
                for await (const keys of stream.listKeys?.(session, signal) ?? []) {
                  for (const key of keys) mine.add(key)
                  yield keys
                }
              },
            },
      )
    },
  },
  {
    title: 'reads ahead',
    finds: ['R7'],
    complaint: /nobody asked for|half of all has been read/,
    plant: (harness) =>
      withRead(
        harness,
        (read) =>
          async function* (session, range, signal) {
            const pages: Page[] = []
            for await (const page of read(session, range, signal)) pages.push(page)
            yield* pages
          },
      ),
  },
  {
    title: 'stops at 5,000 records',
    finds: ['R8'],
    complaint: /of more than 10,000/,
    plant: (harness) =>
      withRead(
        harness,
        (read) =>
          async function* (session, range, signal) {
            let count = 0
            for await (const page of read(session, range, signal)) {
              yield page
              count += page.records.length
              if (count >= 5000) return
            }
          },
      ),
  },
  {
    title: 'fails on an empty source',
    finds: ['R8'],
    complaint: /nothing there/,
    plant: (harness) =>
      withRead(
        harness,
        (read) =>
          async function* (session, range, signal) {
            let isEmpty = true
            for await (const page of read(session, range, signal)) {
              isEmpty = false
              yield page
            }
            if (isEmpty && range.mode === 'snapshot' && range.cursor === null) throw new RetryableError('nothing there')
          },
      ),
  },
  {
    title: 'gives up at an unreadable record',
    finds: ['R9'],
    complaint: /cannot be read/,
    plant: (harness) =>
      withPages(harness, (page) => {
        if (page.undecodable !== undefined) throw new RetryableError('a record cannot be read')
        return page
      }),
  },
  {
    title: 'drops an unreadable record silently',
    finds: ['R9'],
    complaint: /was not reported/,
    plant: (harness) => withPages(harness, ({ undecodable: _dropped, ...page }) => page),
  },
]
