import { expect, test } from 'vitest'
import { COMMAND_JOURNAL, createLocalCodec, type OutRecord, RejectedError } from '../../../../core/index.ts'
import { createFinished } from '../../../../services/writer/finished.ts'
import { createJournal } from '../../../../services/writer/journal.ts'
import { accept, failed, finish, FRESH } from '../../../../services/writer/progress.ts'
import { DEFAULT_POLICY } from '../../../../services/writer/policy.ts'
import { newEntry } from '../../../../services/writer/task.ts'

const codec = createLocalCodec()
const DAY = 86_400_000

/** A journal on a topic in memory. */
function stored(now = () => 0) {
  const log: OutRecord[] = []
  let fetches = 0
  const inRecord = (record: OutRecord | undefined, offset: number) =>
    record === undefined
      ? null
      : { ...record, key: Buffer.from(record.key), topic: COMMAND_JOURNAL, partition: 0, offset, timestamp: 0 }
  const partition = {
    index: 0,
    fetchOne: async (_topic: string, offset: number) => {
      fetches++
      return inRecord(log[offset], offset)
    },
  }
  const open = () => {
    const journal = createJournal(codec, partition, now)
    log.forEach((record, offset) => journal.load({ ...record, key: Buffer.from(record.key), offset }))
    return journal
  }
  return {
    open,
    fetches: () => fetches,
    /** Makes records of one transaction durable. */
    commit(journal: ReturnType<typeof open>, records: OutRecord[]) {
      const result = { baseOffsets: new Map([[`${COMMAND_JOURNAL}/0`, log.length]]) }
      log.push(...records.filter(({ topic }) => topic === COMMAND_JOURNAL))
      journal.committed(records, result)
    },
  }
}

function entryOf(command_id: string, offset: number) {
  const json = { command_id, connection_id: 'acme', operation: 'CREATE', payload: { name: 'bolts' } }
  const command = codec.command('vendor').fromJson(json)
  return newEntry({ entity: 'vendor', command, offset }, 'fake', 0)
}

test('a finished command leaves memory once that is durable, and its entry is found again, now and after a restart', async () => {
  const topic = stored()
  const journal = topic.open()
  const begun = accept(entryOf('command-1', 7), 0, {})
  topic.commit(journal, journal.write(begun))
  expect(journal.get('command-1')?.state).toBe('WAITING')
  const ended = finish(begun.entry, 'REJECTED', 5)
  const records = [...journal.write(accept(entryOf('command-2', 8), 0, {})), ...journal.write(ended)]
  expect(journal.get('command-1')?.state).toBe('FINISHED')
  topic.commit(journal, records)
  for (const known of [journal, topic.open()]) {
    expect([...known.entries()].map(({ command_id }) => command_id)).toEqual(['command-2'])
    expect(known.finished('command-1')).toMatchObject({ entity: 'vendor', topicOffset: 7, journalOffset: 2 })
    expect(await known.find('command-1')).toEqual(ended.entry)
    expect(await known.find('command-9')).toBeUndefined()
  }
  expect(topic.fetches()).toBe(2)
})

test('an entry that was written again before it was durable stays until that is durable', () => {
  const topic = stored()
  const journal = topic.open()
  const ended = finish(entryOf('command-1', 7), 'REJECTED', 5)
  const first = journal.write(ended)
  const second = journal.write(finish(ended.entry, 'REJECTED', 6))
  topic.commit(journal, first)
  expect(journal.get('command-1')).toBeDefined()
  topic.commit(journal, second)
  expect(journal.get('command-1')).toBeUndefined()
  expect(journal.finished('command-1')?.journalOffset).toBe(1)
})

test('what is in doubt for good stays in memory for the operator who settles it, as long as the topic keeps it', () => {
  let time = 0
  const topic = stored(() => time)
  const journal = topic.open()
  topic.commit(journal, journal.write(finish(entryOf('doubtful', 1), 'IN_DOUBT', 0)))
  expect(topic.open().get('doubtful')?.result?.outcome).toBe('IN_DOUBT')
  time = 31 * DAY
  const about = { sent: true, tries: FRESH, now: time, policy: DEFAULT_POLICY, random: () => 0 }
  journal.write(failed(entryOf('command-2', 2), new RejectedError('no', []), about))
  expect(journal.get('doubtful')).toBeUndefined()
})

test('a finished command costs less than 90 bytes, and is forgotten when the journal no longer has it', () => {
  let time = 0
  const finished = createFinished(30 * DAY, () => time)
  const about = (nth: number) =>
    ({ entity: 'item', topicOffset: nth, journalOffset: 2 * nth, finishedAt: time }) as const
  for (let nth = 0; nth < 40_000; nth++) finished.set(`command-${nth}`, about(nth))
  expect(finished.bytes() / finished.size()).toBeLessThan(90)
  for (let nth = 0; nth < 40_000; nth += 997) expect(finished.get(`command-${nth}`)).toEqual(about(nth))
  expect(finished.get('command-40000')).toBeUndefined()
  finished.remove('command-5')
  expect(finished.get('command-5')).toBeUndefined()
  const full = finished.bytes()
  time = 31 * DAY
  expect(finished.get('command-7')).toBeUndefined()
  for (let nth = 40_000; nth < 80_000; nth++) finished.set(`command-${nth}`, about(nth))
  expect(finished.bytes()).toBe(full)
  expect(finished.get('command-79999')?.journalOffset).toBe(159_998)
})
