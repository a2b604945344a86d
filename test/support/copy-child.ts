/**
 * A copier as a process of its own, to be killed: `node test/support/copy-child.ts <json>` with
 * `{ brokers, prefix, pauseMs }`. Says `ready` when it has joined. SIGTERM ends it gracefully.
 */
import { setTimeout } from 'node:timers/promises'
import { createKafka } from '../../core/index.ts'
import { createLogger } from '../../core/log.ts'
import { copier } from './copier.ts'

const { brokers, prefix, pauseMs } = JSON.parse(process.argv[2] ?? '{}') as {
  brokers: string[]
  prefix: string
  /** Longest pause before and after each commit. */
  pauseMs: number
}
const kafka = createKafka(
  { brokers, clientId: `copy-${process.pid}`, prefix },
  createLogger({ service: 'copy', level: 'info' }),
)
const linger = () => setTimeout(Math.random() * pauseMs)
const group = copier(kafka, { before: linger, after: linger, tuning: { batchRecords: 50 } })
process.on('SIGTERM', () => {
  void group
    .stop()
    .then(() => kafka.close())
    .then(() => process.exit(0))
})
await group.start()
console.log('ready')
