import { describe, expect, test } from 'vitest'
import { CAPABILITIES, COMMAND_JOURNAL, COMMAND_RESULTS, commandsTopic, TOPICS } from '../../../core/topics.ts'
import { ENTITY_NAMES } from '../../../schemas/generated/entities.ts'

const topic = (name: string) => TOPICS.find((spec) => spec.name === name)
const DAY = 86_400_000

describe('the topic table', () => {
  test('names every topic once, as Kafka allows', () => {
    const names = TOPICS.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names.filter((name) => !/^[a-z]+([._-][a-z]+)*$/.test(name))).toEqual([])
  })

  test.each(ENTITY_NAMES)('keeps commands of %s for a week', (entity) => {
    expect(topic(commandsTopic(entity))).toMatchObject({
      cleanup: 'delete',
      config: { 'retention.ms': String(7 * DAY) },
    })
  })

  test('keeps journal and results longer than commands, and only the last of each', () => {
    for (const name of [COMMAND_JOURNAL, COMMAND_RESULTS]) {
      const spec = topic(name)
      expect(spec?.cleanup).toBe('compact,delete')
      expect(Number(spec?.config['retention.ms'])).toBe(30 * DAY)
    }
    expect(topic(CAPABILITIES)).toMatchObject({
      cleanup: 'compact',
      key: 'connection:entity, in the partition of the connection id',
    })
  })

  test('gives a retention to every topic that deletes, and to no other', () => {
    for (const { name, cleanup, config } of TOPICS) {
      expect([name, 'retention.ms' in config]).toEqual([name, cleanup.includes('delete')])
    }
  })
})
