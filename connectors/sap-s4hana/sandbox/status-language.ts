/** Status codes of orders in the logon language; they are kept in English. Languages without a table show English. */
const TABLES: { readonly [language: string]: { readonly [status: string]: string } } = {
  DE: {
    CRTD: 'EROF',
    REL: 'FREI',
    PREL: 'TFRE',
    TECO: 'TABG',
    CLSD: 'ABGS',
    CNF: 'RUCK',
    PCNF: 'TRUE',
    DLFL: 'LÖVM',
    LKD: 'SPER',
    NCMP: 'NDUR',
    MANC: 'NMVP',
    PRC: 'VOKL',
    SETC: 'ABRV',
    GMPS: 'WABE',
    MSPT: 'MATF',
    NMAT: 'KMAT',
  },
}

/** `REL  MANC PRC` in columns of four characters and a blank, as the system lays it out. */
export function translateStatus(text: string, language: string): string {
  const table = TABLES[language]
  if (table === undefined || text === '') return text
  return text
    .split(/ +/)
    .map((status) => (table[status] ?? status).padEnd(4))
    .join(' ')
    .trimEnd()
}
