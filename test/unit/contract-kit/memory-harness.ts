import type { Harness } from '../../contract/kit/harness.ts'
import { memoryConnector, systemTime } from './memory-connector.ts'
import { type MemorySystem, newSecret } from './memory-system.ts'

/** How to play with a stock book in memory. */
export function memoryHarness(system: MemorySystem): Harness {
  const { table } = system
  let nextId = 1
  let counter = 0
  const configOf = (book: string) => ({ base_url: system.origin, book, password: system.password })
  const change = (key: string, changes: object) => {
    const stored = table.get(Number(key))
    if (stored !== undefined) table.set(stored.id, { ...stored, ...changes })
  }
  const add = (count: number, quantity = '0.1') => {
    const at = systemTime()
    return Array.from({ length: count }, () => {
      const id = nextId++
      table.set(id, { id, quantity, at, spoiled: false })
      return String(id)
    })
  }
  const named = (name: string) => ({
    payload: { name },
    times: async () => [...system.vendors.values()].filter((vendor) => vendor.name === name).length,
  })
  const renamed = (target: string, name: string) => ({ target, ...named(name) })
  const newVendor = () => {
    const id = system.vendors.size + 1
    system.vendors.set(id, { id, token: '', name: '' })
    return String(id)
  }
  return {
    connector: memoryConnector,
    config: configOf('stock'),
    mapping: {
      connectionId: 'memory',
      system: 'memory',
      timeZone: 'UTC',
      currency: null,
      language: 'en',
      units: {},
      remaps: {},
      customFields: [],
      settings: {},
    },
    wrongConfigs: [
      { title: 'wrong password', config: { ...configOf('stock'), password: 'no-such-secret' }, names: /password/ },
    ],
    readme: '`base_url` `book` `password` `stock_level`',
    async expireSessions() {
      system.tokens.clear()
    },
    async rotateSecret() {
      system.password = system.password === 'first-secret' ? 'second-secret' : 'first-secret'
      return configOf('stock')
    },
    isLogin: ({ body }) => body.startsWith('password='),
    systemTime: async () => systemTime(),
    empty: configOf('empty'),
    writes: {
      config: configOf('stock'),
      isWrite: ({ method, url }) => method !== 'GET' && url.includes('/vendors'),
      worlds: {
        'CREATE vendor': {
          make: async () => named(`Maker ${++counter}`),
          refused: async () => ({ ...named(`Mkr ${++counter}`), field: 'name', words: /Nobody can say/ }),
        },
        'UPDATE vendor': {
          make: async () => renamed(newVendor(), `Maker ${++counter}`),
          next: ({ target = '' }) => renamed(target, `Maker ${++counter}`),
          refused: async () => ({
            ...renamed(newVendor(), `Mkr ${++counter}`),
            field: 'name',
            words: /Nobody can say/,
          }),
        },
      },
    },
    pushes: {
      async subscribe(url) {
        const secret = newSecret()
        system.subscriber = { url, secret }
        return {
          secrets: [secret],
          async end() {
            system.subscriber = null
          },
        }
      },
      doings: {
        stock_level: {
          async 'a new level'() {
            const [key = ''] = add(1)
            await system.push(key, systemTime())
            return key
          },
          async 'another quantity'() {
            const [key = ''] = add(1)
            change(key, { quantity: `${++counter}.25`, at: systemTime() })
            await system.push(key, systemTime())
            return key
          },
        },
      },
    },
    worlds: {
      stock_level: {
        add: async (count) => add(count),
        async change(key) {
          const quantity = `${1000 + ++counter}.5`
          change(key, { quantity, at: systemTime() })
          return `"quantity_on_hand":"${quantity}"`
        },
        async remove(key) {
          table.delete(Number(key))
        },
        async spoil(key) {
          change(key, { spoiled: true })
          return async () => change(key, { spoiled: false })
        },
        async fill(count) {
          add(count)
        },
        async exact() {
          const [key = ''] = add(1, '0.3')
          return { key, shows: ['"quantity_on_hand":"0.3"'] }
        },
      },
    },
  }
}
