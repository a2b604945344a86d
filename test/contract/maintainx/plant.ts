import type { Doc, Resource, Sandbox } from '../../../connectors/maintainx/sandbox/index.ts'
import type { JsonObject } from '../../../core/index.ts'
import type { World } from '../kit/harness.ts'

/** What people do in a plant, by the API, as colleagues of the connection: subscribers are told. */
export interface Colleagues {
  readonly sandbox: Sandbox
  /** Creates one; its id. */
  readonly make: (path: string, body: JsonObject) => number
  readonly change: (path: string, body: JsonObject) => void
  readonly remove: (path: string) => void
  /** Does it in one moment: all records have one time. */
  readonly atOnce: <T>(work: () => T) => T
  /** Texts that occur once. */
  readonly fresh: (what: string) => string
}

export type Removable = World & { readonly remove: NonNullable<World['remove']> }

/** A clock that can be held. */
export interface PlantClock {
  now(): number
  held: number | null
}

export function createPlantClock(time: () => number): PlantClock {
  return {
    held: null,
    now() {
      return this.held ?? time()
    },
  }
}

export function createColleagues(sandbox: Sandbox, clock: PlantClock): Colleagues {
  let counter = 0
  const ask = (method: string, path: string, body?: JsonObject): unknown => {
    const { status, body: answer } = sandbox.ask(method, path, body)
    if (status >= 400) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer)}`)
    return answer
  }
  return {
    sandbox,
    make: (path, body) => (ask('POST', path, body) as { readonly id: number }).id,
    change: (path, body) => void ask('PATCH', path, body),
    remove: (path) => void ask('DELETE', path),
    atOnce(work) {
      clock.held = clock.now()
      try {
        return work()
      } finally {
        clock.held = null
      }
    },
    fresh: (what) => `${what} ${++counter} "ü" o'${counter}`,
  }
}

export const times = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n))

/** As it shows in JSON text. */
export const asJson = (text: string): string => JSON.stringify(text).slice(1, -1)

/** A field of the record has a value that it cannot have. */
export const spoiled =
  ({ switches }: Sandbox, resource: Resource, field = 'createdAt') =>
  async (key: string) => {
    switches.badRecord = { record: `${resource}/${key.split('|')[0]}`, field, value: { strange: true } }
    return async () => {
      switches.badRecord = null
    }
  }

/** Many copies of one record, past the API. */
export function copied({ store }: Sandbox, resource: Resource, id: number, count: number): void {
  const { id: _own, createdAt: _created, updatedAt: _updated, ...fields } = store.get(resource, id) as Doc
  store.transaction(() => {
    for (let n = 0; n < count; n++) store.insert(resource, fields)
  })
}
