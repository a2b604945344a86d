import { type Sandbox, type SandboxOptions, startSandbox } from '../../../../../connectors/sap-s4hana/sandbox/index.ts'
import type { Row } from '../../../../../connectors/sap-s4hana/sandbox/model.ts'

export const PURCHASE_ORDERS = 'API_PURCHASEORDER_PROCESS_SRV'
export const BASIC = `Basic ${Buffer.from('TRIBUTARY:Welcome-1').toString('base64')}`

export interface WireAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** `d` of a JSON answer, or the whole of it. */
  readonly d: any
}

export interface Asked {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string
}

/** A sandbox without data, a clock that stands still until it is moved, and plain HTTP. */
export async function emptySandbox(options: SandboxOptions = {}) {
  let time = Date.UTC(2026, 0, 15, 12)
  const sandbox: Sandbox = await startSandbox({ size: 0, now: () => time, ...options })

  /** `path`: below the service root, or from the host on. */
  async function ask(path: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<WireAnswer> {
    const url = sandbox.origin + (path.startsWith('/sap/') ? path : `/sap/opu/odata/sap/${path}`)
    const response = await fetch(url, {
      method,
      headers: { authorization: BASIC, accept: 'application/json', ...headers },
      ...(body === undefined ? {} : { body }),
    })
    const text = await response.text()
    const json = response.headers.get('content-type') === 'application/json' ? parsed(text) : null
    return { status: response.status, headers: response.headers, text, d: json?.d ?? json }
  }

  return {
    sandbox,
    ask,
    now: () => time,
    pass: (ms: number) => {
      time += ms
    },
    put: (service: string, set: string, ...rows: Row[]) =>
      sandbox.store.insertMany(sandbox.store.set(service, set), rows),
    /** The first key of every row of a list. */
    keys: async (path: string, key = 'PurchaseOrder'): Promise<string[]> => {
      const answer = await ask(path)
      if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.text}`)
      return answer.d.results.map((row: any) => row[key])
    },
    close: () => sandbox.close(),
  }
}

export type EmptySandbox = Awaited<ReturnType<typeof emptySandbox>>

function parsed(text: string): any {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
