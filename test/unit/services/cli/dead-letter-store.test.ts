import { expect, test } from 'vitest'
import type { KafkaClient } from '../../../../core/index.ts'
import { judgeLetters, type NamedLetter } from '../../../../services/cli/dead-letter-store.ts'

const letter = (offset: number, value: string): NamedLetter => ({
  name: `webhooks.inbound/0/${offset}`,
  topic: 'webhooks.inbound',
  partition: 0,
  offset,
  key: Buffer.from('acme'),
  value: Buffer.from(value),
  error: 'not JSON',
  kind: 'undecodable',
  service: 'sync',
  connection_id: 'acme',
  at: 0,
  run_id: null,
  request_id: null,
})

test('deliveries share the key of their connection: each is redriven, one that failed twice only once', async () => {
  const letters = [letter(3, 'one'), letter(4, 'two'), letter(9, 'one')]
  const verdicts = await judgeLetters({} as KafkaClient, letters)
  expect(letters.map((each) => verdicts.get(each))).toEqual(['superseded', 'redrive', 'redrive'])
})
