import { expect, test } from 'vitest'
import { createManualClock, createMetrics, type Logger } from '../../../../core/index.ts'
import { createRefusals } from '../../../../services/webhook/refusals.ts'

test('refusals are counted each, and said once a minute for a connection and a reason', async () => {
  const said: object[] = []
  const clock = createManualClock()
  const metrics = createMetrics()
  const log = { warn: (fields: object) => void said.push(fields) } as unknown as Logger
  const refused = createRefusals({ log, metrics, clock })
  for (let i = 0; i < 100; i++) refused('signature', 'plant')
  refused('signature', 'shop')
  refused('unknown-connection', null)
  await clock.advance(60_000)
  refused('signature', 'plant')
  expect(said).toEqual([
    { connection: 'plant', reason: 'signature', refused: 1 },
    { connection: 'shop', reason: 'signature', refused: 1 },
    { connection: null, reason: 'unknown-connection', refused: 1 },
    { connection: 'plant', reason: 'signature', refused: 100 },
  ])
  const { values } = await metrics.webhookRefused.get()
  expect(values.map(({ labels, value }) => [labels.reason, value])).toEqual([
    ['signature', 102],
    ['unknown-connection', 1],
  ])
})
