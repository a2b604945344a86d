/**
 * SAP's Cloud SDK as a second opinion on the sandbox: a client generated from the `$metadata` that the sandbox serves,
 * as a customer would do it, sharing no code with the sandbox or the connector. The generated sources are kept in
 * `.tributary/` until the metadata or the generator changes.
 *
 * The SDK is under Apache-2.0; two libraries it uses for logins on SAP's cloud platform (`@sap/xssec`, `@sap/xsenv`)
 * are under SAP's developer licence, which nobody should have to accept to run these tests: `overrides` in
 * package.json puts an empty module in their place.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { HttpDestination } from '@sap-cloud-sdk/connectivity'
import { generate } from '@sap-cloud-sdk/generator'
import { executeHttpRequest } from '@sap-cloud-sdk/http-client'
import {
  type Sandbox,
  type SandboxOptions,
  startSandbox,
} from '../../../../../../connectors/sap-s4hana/sandbox/index.ts'
import { SERVICES } from '../../../../../../connectors/sap-s4hana/sandbox/model.ts'

const CACHE = fileURLToPath(new URL('../../../../../../.tributary/sap-client/', import.meta.url))
const GENERATOR = createRequire(import.meta.url)('@sap-cloud-sdk/generator/package.json') as { version: string }

/** What is asked of a generated class; entities have a property per field, in camel case. */
export interface Api {
  /** Field and link by name in upper snake case: what queries are built with. */
  readonly schema: any
  readonly entityConstructor: { readonly _entityName: string; new (...parts: any[]): object }
  requestBuilder(): any
  entityBuilder(): any
}

export interface Service {
  /** Technical name, e.g. `API_MAINTENANCEORDER`. */
  readonly name: string
  /** By entity set. */
  readonly apis: ReadonlyMap<string, Api>
  readonly operations: { readonly [name: string]: (parameters: object) => any }
  readonly batch: (...requests: any[]) => any
  readonly changeset: (...requests: any[]) => any
}

export interface SdkClient {
  readonly sandbox: Sandbox
  readonly destination: HttpDestination
  /** Folder with `<SERVICE>.edmx` as served. */
  readonly served: string
  readonly services: readonly Service[]
  api(service: string, set: string): Api
  service(name: string): Service
  /** GET without the typed layer: an address of an answer, or a path from the host on. */
  get(address: string): Promise<{ status: number; d: any }>
}

/** Starts a sandbox and the generated client for it. The first time takes about ten seconds. */
export async function startWithSdk(options: SandboxOptions = {}): Promise<SdkClient> {
  const sandbox = await startSandbox(options)
  const destination: HttpDestination = { url: sandbox.origin, username: 'TRIBUTARY', password: 'Welcome-1' }
  const documents = new Map<string, string>()
  for (const name of SERVICES) documents.set(name, await metadata(destination, name))
  const folder = await generated(documents)
  const services = await Promise.all(SERVICES.map((name) => load(folder, name)))
  const service = (name: string): Service =>
    found(
      services.find((it) => it.name === name),
      name,
    )
  return {
    sandbox,
    destination,
    served: join(folder, 'edmx'),
    services,
    service,
    api: (name, set) => found(service(name).apis.get(set), `${name}/${set}`),
    async get(address) {
      const url = address.startsWith(sandbox.origin) ? address.slice(sandbox.origin.length) : address
      const { status, data } = await executeHttpRequest(destination, {
        method: 'get',
        url,
        headers: { accept: 'application/json' },
      })
      return { status, d: data.d }
    },
  }
}

/** Root of a service; one is a second version. */
export function rootOf(service: string): string {
  return `/sap/opu/odata/sap/${service}${service === 'API_MAINTENANCEORDER' ? ';v=0002' : ''}`
}

async function metadata(destination: HttpDestination, service: string): Promise<string> {
  const { data } = await executeHttpRequest(destination, {
    method: 'get',
    url: `${rootOf(service)}/$metadata`,
    headers: { accept: 'application/xml' },
  })
  return data
}

/** Folder with the client for these documents; made in a folder of its own first, as test files run side by side. */
async function generated(documents: ReadonlyMap<string, string>): Promise<string> {
  const hash = createHash('sha256').update(GENERATOR.version)
  for (const document of documents.values()) hash.update(document)
  const folder = join(CACHE, hash.digest('hex').slice(0, 16))
  if (existsSync(folder)) return folder
  const making = `${folder}.${process.pid}`
  mkdirSync(join(making, 'edmx'), { recursive: true })
  for (const [name, document] of documents) writeFileSync(join(making, 'edmx', `${name}.edmx`), document)
  await generate({
    input: join(making, 'edmx'),
    outputDir: join(making, 'client'),
    skipValidation: true,
    overwrite: true,
  })
  try {
    renameSync(making, folder)
  } catch {
    rmSync(making, { recursive: true })
  }
  return folder
}

async function load(folder: string, name: string): Promise<Service> {
  const module = await import(/* @vite-ignore */ join(folder, 'client', name, 'service.ts'))
  const [create] = Object.values(module) as (() => any)[]
  const service = found(create, name)()
  const apis = new Map<string, Api>()
  for (const getter of Object.getOwnPropertyNames(Object.getPrototypeOf(service))) {
    if (!getter.endsWith('Api') || getter === 'initApi') continue
    apis.set(service[getter].entityConstructor._entityName, service[getter])
  }
  return { name, apis, operations: service.operations ?? {}, batch: service.batch, changeset: service.changeset }
}

function found<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`the generated client has no ${name}`)
  return value
}
