import { existsSync } from 'node:fs'
import { type Artifact, artifactDir, requireMaven } from './artifacts.ts'
import { StackError } from './errors.ts'
import { requireJava } from './java.ts'
import { requirePostgresPrograms } from './postgres.ts'

/**
 * Checks that this machine has what the wanted parts need.
 * @returns the `java` to use; `java` when none is needed
 * @throws StackError with one line for each thing that is missing, all at once
 */
export async function requireOnMachine(need: {
  readonly java: boolean
  readonly postgres: boolean
  /** Not fetched yet = Maven is needed. */
  readonly artifacts: readonly Artifact[]
}): Promise<string> {
  const problems: string[] = []
  const noted = async (check: Promise<string>): Promise<string> => {
    try {
      return await check
    } catch (error) {
      if (!(error instanceof StackError)) throw error
      problems.push(error.message)
      return ''
    }
  }
  const java = need.java ? await noted(requireJava()) : 'java'
  if (need.artifacts.some((artifact) => !existsSync(artifactDir(artifact)))) await noted(requireMaven())
  if (need.postgres) await noted(requirePostgresPrograms())
  if (problems.length === 0) return java
  const otherwise = 'or start Docker with `docker compose`, or give addresses of a running stack (docs/local-stack.md)'
  throw new StackError(['the local stack cannot start here:', ...problems.map((p) => `  ${p}`), otherwise].join('\n'))
}
