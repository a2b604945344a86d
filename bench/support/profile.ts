import { readdirSync, readFileSync } from 'node:fs'

interface CpuProfile {
  readonly nodes: readonly { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

export interface ProfileSummary {
  /** Busy seconds: idle time and the program's own bookkeeping left out. */
  readonly seconds: number
  /** Self time by part of the program, largest first; `share` of the busy time. */
  readonly modules: readonly { module: string; share: number }[]
  readonly functions: readonly { name: string; share: number }[]
}

const IDLE = new Set(['(idle)', '(root)', '(program)'])

/** Self time of the (one) CPU profile in a folder, grouped. */
export function summariseProfile(folder: string): ProfileSummary {
  const file = readdirSync(folder).find((name) => name.endsWith('.cpuprofile'))
  if (file === undefined) throw new Error(`no CPU profile in ${folder}`)
  const profile = JSON.parse(readFileSync(`${folder}${file}`, 'utf8')) as CpuProfile
  const frames = new Map(profile.nodes.map((node) => [node.id, node.callFrame]))
  const modules = new Map<string, number>()
  const functions = new Map<string, number>()
  let busy = 0
  profile.samples.forEach((id, i) => {
    const frame = frames.get(id)
    const micros = profile.timeDeltas[i] ?? 0
    if (frame === undefined || IDLE.has(frame.functionName)) return
    busy += micros
    const module = moduleOf(frame.url, frame.functionName)
    modules.set(module, (modules.get(module) ?? 0) + micros)
    const name = `${frame.functionName || '(anonymous)'} ${shorten(frame.url)}:${frame.lineNumber + 1}`
    functions.set(name, (functions.get(name) ?? 0) + micros)
  })
  const shares = (map: Map<string, number>) =>
    [...map].sort((a, b) => b[1] - a[1]).map(([name, micros]) => ({ name, share: Number((micros / busy).toFixed(4)) }))
  return {
    seconds: busy / 1e6,
    modules: shares(modules).map(({ name, share }) => ({ module: name, share })),
    functions: shares(functions).slice(0, 40),
  }
}

const shorten = (url: string): string =>
  url.replace(/^.*\/(?=(core|connectors|services|bench|schemas|node_modules)\/)/, '')

function moduleOf(url: string, name: string): string {
  if (name === '(garbage collector)') return 'garbage collector'
  const path = shorten(url)
  if (path.startsWith('core/kafka/wire')) return 'core/kafka/wire (record batches)'
  if (path.startsWith('core/kafka')) return 'core/kafka'
  if (path.startsWith('core/avro')) return 'core/avro'
  if (path.startsWith('connectors')) return 'connectors (mapping)'
  if (path.startsWith('services/normalizer')) return 'services/normalizer'
  if (path.startsWith('node_modules/')) return path.split('/').slice(0, 2).join('/')
  if (url.startsWith('node:')) return `node (${url.split('/')[0]})`
  if (url === '') return name === 'parse' ? 'JSON.parse' : `native: ${name}`
  return path
}
