import { type CommandJournal, parseUnifiedId, type WriterRequest } from '../../core/index.ts'
import { issue } from './command.ts'
import { finish, type Step } from './progress.ts'

/** Whether a person may say what became of it: nobody else knows. */
export const isInDoubt = (entry: CommandJournal): boolean =>
  entry.state === 'IN_DOUBT' || (entry.state === 'FINISHED' && entry.result?.outcome === 'IN_DOUBT')

/** What a person found out in the system itself. */
export function settle(entry: CommandJournal, { applied, targetId }: WriterRequest, now: number): Step {
  const why = `settled by an operator: ${applied ? 'applied' : 'not applied'}`
  if (!applied) return finish(entry, 'REJECTED', now, { errors: [issue('UNKNOWN', why)] })
  const target_id = targetId ?? entry.target_id
  const parts = target_id === null ? null : parseUnifiedId(target_id).parts
  return finish({ ...entry, reread_due: parts !== null }, 'APPLIED', now, {
    target_id,
    source_id: parts?.join('|') ?? null,
    is_replay: true,
    warnings: [issue('UNKNOWN', why)],
  })
}
