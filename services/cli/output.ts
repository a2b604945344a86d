import { scrub } from '../../core/index.ts'

/** What commands write: text for people, JSON for programs. */

/** An operator's mistake or a fact in the way: its message is the whole output, exit code 1. */
export class CommandError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'CommandError'
  }
}

/** The command was not given as it must be: exit code 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UsageError'
  }
}

/** One line on stdout; a secret that came up on the way is not in it. */
export const print = (line: string): void => void process.stdout.write(`${scrub(line)}\n`)

export const printJson = (value: unknown): void =>
  print(JSON.stringify(value, (_key, each: unknown) => (each instanceof Map ? Object.fromEntries(each) : each), 2))

export type Cell = string | number | null

/** Columns as wide as their widest cell; null shows as "-". Nothing but the header when there are no rows. */
export function table(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = [header, ...rows.map((row) => row.map((cell) => (cell === null ? '-' : oneLine(String(cell)))))]
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  return lines
    .map((line) =>
      line
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ')

export const shorten = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`

/** `12 s`, `3 min`, `5 h`, `2 d`: one unit is enough for people. */
export function duration(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000)
  if (seconds < 120) return `${seconds} s`
  if (seconds < 2 * 3600) return `${Math.round(seconds / 60)} min`
  if (seconds < 48 * 3600) return `${Math.round(seconds / 3600)} h`
  return `${Math.round(seconds / 86_400)} d`
}

/** `12 s ago`, `in 3 min`. */
export const relative = (at: number, now: number): string =>
  at <= now ? `${duration(now - at)} ago` : `in ${duration(at - now)}`

export const instant = (at: number): string => new Date(at).toISOString()

/** `1 record`, `2 records`. */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`
