import type { EntityName } from '../../../core/index.ts'
import type { GroupCommit } from '../group-commit.ts'
import type { Scheduler } from '../scheduler.ts'
import type { Draft } from '../state-store.ts'
import type { Tasks } from './tasks.ts'
import type { Account, Waiting } from './waiting.ts'

/** Keys on the list of one stream; what is more is left to its increment. */
const MOST_PARKED = 500

/**
 * What cannot be read now (paused, refused, down) goes on a list in the stream's state. Its deliveries are finished with
 * that: a connection that is paused for a week holds neither memory nor the position of the others' deliveries.
 */
export function createParking(parts: {
  readonly scheduler: Scheduler
  readonly committer: GroupCommit
  readonly tasks: Tasks
}) {
  const { scheduler, committer, tasks } = parts

  function settle(entry: Waiting, update: (draft: Draft) => void = () => {}): void {
    const own = entry.tasks
    entry.tasks = []
    const settled = tasks.settle(own, { entity: entry.entity, key: entry.key })
    const written = committer.submit({
      records: settled.records,
      bytes: 0,
      update(draft) {
        settled.update(draft)
        update(draft)
      },
    })
    written.then(settled.done, () => {})
  }

  function drop(entry: Waiting): void {
    for (const task of entry.tasks) {
      task.outcome = 'ignored'
      task.note = 'the connection was removed'
    }
    settle(entry)
  }

  return {
    /** Parks what waits (all, or `only`). `poll`: streams whose increment is due at once. */
    park(account: Account, why: string, poll: readonly EntityName[] = [], only?: readonly Waiting[]): void {
      const ask = (draft: Draft, entity: EntityName) => scheduler.askForPoll(draft, account.id, entity)
      for (const entry of only ?? account.room.all()) {
        if (entry.parked || entry.phase === 'reading') continue
        entry.parked = true
        for (const task of entry.tasks) task.note = `is read as soon as it is possible: ${why}`
        settle(entry, (draft) => {
          const state = draft.stream(account.id, entry.entity)
          if (state.rereads.includes(entry.key)) return
          if (state.rereads.length >= MOST_PARKED) ask(draft, entry.entity)
          else draft.setStream({ ...state, rereads: [...state.rereads, entry.key] })
        })
      }
      if (poll.length === 0) return
      const asked = committer.submit({
        records: [],
        bytes: 0,
        update: (draft) => poll.forEach((entity) => ask(draft, entity)),
      })
      asked.then(
        () => scheduler.plan(account.id),
        () => {},
      )
    },
    /** Finishes the deliveries of an entry that is on the list. */
    settle: (entry: Waiting) => settle(entry),
    /** Its connection is gone. */
    drop,
    /** The connection is gone, and its state with it. */
    dropAll(account: Account): void {
      for (const entry of account.room.all()) drop(entry)
      account.room.close()
    },
  }
}
