/** A service for tests of `runService`. The argument says how it behaves; see the cases. */
import { ConfigurationError } from '../../core/config.ts'
import { runService } from '../../core/service.ts'

const behaviour = process.argv[2] ?? 'calm'
let ready = behaviour !== 'unready'

await runService({
  name: 'fixture',
  start({ env, log, metrics, fail }) {
    if (behaviour === 'start-fails') throw new Error('the broker is gone')
    if (behaviour === 'start-unusable')
      throw new ConfigurationError('connection erp is not usable', [{ field: 'user', message: 'is missing' }])
    const later = setInterval(() => {}, 1000)
    process.on('message', (what) => {
      if (what === 'ready') ready = true
      if (what === 'throw') throw new Error('a bug', { cause: new Error('its cause') })
      if (what === 'reject') void Promise.reject(new Error('a forgotten promise'))
      if (what === 'fail') fail(new Error('fenced by another owner'))
      process.send?.(`did ${String(what)}`)
    })
    process.on('disconnect', () => process.exit(3))
    metrics.recordsSent.inc({ connection: 'erp', stream: 'vendor' }, 7)
    log.info({ brokers: env.kafka.brokers }, 'started')
    return Promise.resolve({
      ready: () => ready,
      detail: () => ({ partitions: [1, 2] }),
      async stop() {
        if (behaviour === 'stop-fails') throw new Error('commit refused')
        await new Promise((done) => setImmediate(done))
        log.info('let go')
        clearInterval(later)
      },
    })
  },
})
