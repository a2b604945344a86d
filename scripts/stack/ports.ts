import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname } from 'node:path'

/** @returns a port of 127.0.0.1 nobody listens on; `wanted` if that one is free */
export function freePort(wanted = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.unref()
    probe.once('error', (error) => (wanted === 0 ? reject(error) : resolve(freePort())))
    probe.listen({ port: wanted, host: '127.0.0.1', exclusive: true }, () => {
      const address = probe.address()
      const port = address !== null && typeof address === 'object' ? address.port : 0
      probe.close(() => resolve(port))
    })
  })
}

function remembered(file: string): Record<string, number> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>
  } catch {
    return {}
  }
}

/**
 * Ports for the named listeners, all different: the ones used last time where they are still free, so that addresses
 * in a user's shell history keep working; others where somebody else took them.
 */
export async function choosePorts<Name extends string>(
  file: string,
  names: readonly Name[],
): Promise<Record<Name, number>> {
  const before = remembered(file)
  const chosen: Record<string, number> = {}
  const taken = new Set<number>()
  for (const name of names) {
    let port = await freePort(before[name] ?? 0)
    while (taken.has(port)) port = await freePort()
    taken.add(port)
    chosen[name] = port
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify({ ...before, ...chosen }, null, 2)}\n`)
  return chosen as Record<Name, number>
}
