interface LogLine {
  readonly level: string
  readonly msg: string
  readonly err?: { readonly message: string }
  readonly stream?: string
  readonly records?: number
  readonly percent?: number
}

const LOUD = ['warn', 'error', 'fatal']

/** A service's log line as people like to read it: warnings and worse, and the progress of snapshots; else null. */
export function shownLine(name: string, line: string): string | null {
  let log: LogLine
  try {
    log = JSON.parse(line) as LogLine
  } catch {
    return `  ${name}: ${line}`
  }
  const { level, msg, err, stream, records, percent } = log
  if (!LOUD.includes(level) && !msg.includes('snapshot')) return null
  const done = records === undefined ? '' : `, ${records} records${percent === undefined ? '' : ` (${percent} %)`}`
  const of = stream === undefined ? '' : ` of ${stream}${done}`
  return `  ${name}: ${msg}${of}${err === undefined ? '' : `: ${err.message}`}`
}
