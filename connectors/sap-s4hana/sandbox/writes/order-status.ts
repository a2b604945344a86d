/**
 * The status of maintenance orders. The status line is the state: a list of codes, each padded to four characters, in
 * English (status-language.ts shows it in others). CRTD → REL → TECO → CLSD, NCMP ("do not execute")
 * from CRTD and REL; LKD and DLFL are flags beside them.
 */
import { business, type Reason, several } from './refusals.ts'

export interface Phase {
  readonly phase: string
  readonly subPhase: string
}

/** Which phase goes with which code; the first that is set decides. Code values not verified. */
const PHASES: readonly (readonly [code: string, phase: Phase])[] = [
  ['NCMP', { phase: '09', subPhase: '0002' }],
  ['CLSD', { phase: '09', subPhase: '0001' }],
  ['TECO', { phase: '08', subPhase: '0002' }],
  ['CNF', { phase: '08', subPhase: '0001' }],
  ['PCNF', { phase: '07', subPhase: '0001' }],
  ['REL', { phase: '03', subPhase: '0001' }],
  ['CRTD', { phase: '02', subPhase: '0001' }],
]

/** Phases that no status code shows. */
export const WORK_PHASES = {
  submitted: { phase: '04', subPhase: '0001' },
  approved: { phase: '05', subPhase: '0001' },
  readyForScheduling: { phase: '06', subPhase: '0001' },
  scheduled: { phase: '06', subPhase: '0002' },
  dispatched: { phase: '06', subPhase: '0003' },
  mainWorkComplete: { phase: '08', subPhase: '0001' },
} as const satisfies Record<string, Phase>

export function codesOf(text: string): string[] {
  return text.split(/\s+/).filter((code) => code !== '')
}

export function statusLine(codes: readonly string[]): string {
  return codes
    .map((code) => code.padEnd(4))
    .join(' ')
    .slice(0, 40)
    .trimEnd()
}

export function phaseOf(codes: readonly string[]): Phase {
  return PHASES.find(([code]) => codes.includes(code))?.[1] ?? { phase: '02', subPhase: '0001' }
}

interface Transition {
  /** What the refusal calls it. */
  readonly title: string
  /** One of these must be set. */
  readonly needs: readonly string[]
  /** None of these may be set. */
  readonly bars: readonly string[]
  readonly apply: (codes: readonly string[]) => readonly string[]
}

const replace =
  (old: readonly string[], put: string, add: readonly string[] = []) =>
  (codes: readonly string[]): string[] => {
    const kept = codes.filter((code) => !old.includes(code) && code !== put && !add.includes(code))
    return [put, ...kept, ...add]
  }
/** Flags stand behind the main status. */
const raise = (flag: string) => (codes: readonly string[]) => [...codes.slice(0, 1), flag, ...codes.slice(1)]
const lower = (flag: string) => (codes: readonly string[]) => codes.filter((code) => code !== flag)
const DONE = ['TECO', 'CLSD', 'NCMP']
const STOPPED = ['LKD', 'DLFL']

export const TRANSITIONS = {
  release: { title: 'Release', needs: ['CRTD'], bars: STOPPED, apply: replace(['CRTD'], 'REL', ['PRC', 'SETC']) },
  complete: { title: 'Technically complete', needs: ['REL'], bars: STOPPED, apply: replace(['REL'], 'TECO') },
  reopen: { title: 'Cancel technical completion', needs: ['TECO'], bars: STOPPED, apply: replace(['TECO'], 'REL') },
  close: { title: 'Close', needs: ['TECO'], bars: STOPPED, apply: replace(['TECO'], 'CLSD') },
  unclose: { title: 'Reset closing', needs: ['CLSD'], bars: [], apply: replace(['CLSD'], 'TECO') },
  doNotExecute: {
    title: 'Do not execute',
    needs: ['CRTD', 'REL'],
    bars: ['CNF', 'PCNF', ...STOPPED],
    apply: replace(['CRTD', 'REL'], 'NCMP'),
  },
  execute: {
    title: 'Reset do not execute',
    needs: ['NCMP'],
    bars: [],
    // Preliminary costing is made at release: it tells where the order came from.
    apply: (codes) => replace(['NCMP'], codes.includes('PRC') ? 'REL' : 'CRTD')(codes),
  },
  lock: { title: 'Lock', needs: ['CRTD', 'REL'], bars: STOPPED, apply: raise('LKD') },
  unlock: { title: 'Unlock', needs: ['LKD'], bars: [], apply: lower('LKD') },
  markDeleted: { title: 'Set deletion flag', needs: [], bars: ['DLFL', 'LKD'], apply: raise('DLFL') },
  unmarkDeleted: { title: 'Reset deletion flag', needs: ['DLFL'], bars: [], apply: lower('DLFL') },
  // The status line stays; only the phase shows them.
  submit: { title: 'Submit for approval', needs: ['CRTD'], bars: STOPPED, apply: (codes) => codes },
  plan: { title: 'Schedule', needs: ['REL'], bars: [...STOPPED, ...DONE], apply: (codes) => codes },
  finishWork: { title: 'Complete main work', needs: ['REL'], bars: STOPPED, apply: (codes) => codes },
} as const satisfies Record<string, Transition>

/** The codes after the step. @throws SapError BS/007 with the statuses in the way as details */
export function step(order: string, codes: readonly string[], name: keyof typeof TRANSITIONS): readonly string[] {
  const { title, needs, bars, apply }: Transition = TRANSITIONS[name]
  const barring = bars.filter((code) => codes.includes(code))
  const isAllowed = barring.length === 0 && (needs.length === 0 || needs.some((code) => codes.includes(code)))
  if (isAllowed) return apply(codes)
  const active = barring.length > 0 ? barring : codes.slice(0, 1)
  const reasons: Reason[] = active.map((code) => ({
    code: 'BS/013',
    message: `System status ${code} is active (ORD ${order})`,
  }))
  throw several('BS/007', `"${title}" is not allowed (ORD ${order})`, reasons)
}

/** @throws SapError for orders that can no longer be changed */
export function checkChangeable(order: string, codes: readonly string[]): void {
  const barring = ['CLSD', 'DLFL', 'LKD', 'NCMP'].filter((code) => codes.includes(code))
  if (barring.length > 0)
    throw business(
      'BS/007',
      `"Change order" is not allowed (ORD ${order}): system status ${barring.join(', ')} is active`,
    )
}
