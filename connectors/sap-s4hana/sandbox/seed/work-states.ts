import type { WorkState } from './work.ts'

interface StateFields {
  phase: string
  subPhase: string
  /** Status line in the logon language English. */
  text: string
}

/** How a state shows in the columns: the phases are those of the planning-to-completion process (codes unverified). */
export const WORK_STATES: { readonly [state in WorkState]: StateFields } = {
  CRTD: { phase: '02', subPhase: '0001', text: 'CRTD MANC' },
  APPR: { phase: '04', subPhase: '0001', text: 'CRTD MANC NTUP' },
  REL: { phase: '03', subPhase: '0001', text: 'REL  MANC PRC  SETC' },
  PCNF: { phase: '07', subPhase: '0001', text: 'REL  PCNF PRC  SETC' },
  CNF: { phase: '08', subPhase: '0001', text: 'REL  CNF  PRC  SETC' },
  TECO: { phase: '08', subPhase: '0002', text: 'TECO CNF  PRC  SETC' },
  CLSD: { phase: '09', subPhase: '0001', text: 'CLSD CNF  PRC  SETC' },
  LKD: { phase: '03', subPhase: '0001', text: 'REL  LKD  MANC PRC  SETC' },
  DLFL: { phase: '02', subPhase: '0001', text: 'CRTD DLFL MANC' },
  NCMP: { phase: '09', subPhase: '0002', text: 'NCMP MANC' },
}
