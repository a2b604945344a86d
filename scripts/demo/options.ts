import { parseArgs } from 'node:util'
import type { DemoSystem } from './system.ts'
import { DEMO_SYSTEMS, UNASKED } from './systems.ts'

export interface DemoOptions {
  readonly systems: readonly DemoSystem[]
  /** People work in the systems. */
  readonly atWork: boolean
  /** Ends when the tables equal the systems. */
  readonly untilInStep: boolean
  readonly help: boolean
}

const known = DEMO_SYSTEMS.map(({ id }) => id)

export const HELP = `npm start [-- options]: the whole pipeline on this machine, until Ctrl-C

  --erp <systems>   ${known.join(', ')}; several separated by commas; default ${UNASKED.map(({ id }) => id).join(',')}
  --quiet-erp       nobody works in the systems
  --until-in-step   ends when the tables equal what the systems say; for scripts`

/** @throws TypeError saying what is wrong with them */
export function demoOptions(args: readonly string[]): DemoOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      erp: { type: 'string' },
      'quiet-erp': { type: 'boolean', default: false },
      'until-in-step': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  return {
    systems: values.erp === undefined ? UNASKED : systemsOf(values.erp),
    atWork: !values['quiet-erp'],
    untilInStep: values['until-in-step'],
    help: values.help,
  }
}

function systemsOf(text: string): DemoSystem[] {
  const ids = [...new Set(text.split(',').map((id) => id.trim()))]
  return ids.map((id) => {
    const system = DEMO_SYSTEMS.find((each) => each.id === id)
    if (system === undefined) throw new TypeError(`--erp: unknown system '${id}'; known: ${known.join(', ')}`)
    return system
  })
}
