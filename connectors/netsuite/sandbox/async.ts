/** Jobs of `Prefer: respond-async`, with idempotency keys. */
import { errorAnswer, idempotencyAnswer, RestError, refusal, unexpectedError } from './errors.ts'
import type { Switches } from './faults.ts'
import { type Answer, json, type Request } from './http.ts'

/** One request of a job. */
export interface Task {
  /** @throws RestError */
  run(): Answer
}

export interface Jobs {
  /** 202 with the job's address, or the 400 that names the job a key was used for. */
  submit(request: Request, tasks: readonly Task[]): Answer
  /** `GET /async/v1/job[/5[/task[/1[/result]]]]`; `segments`: what follows `/async/v1/`. @throws RestError */
  read(request: Request, segments: readonly string[]): Answer
  /** Waits for none of them. */
  close(): void
}

interface Job {
  readonly id: number
  readonly tasks: readonly {
    readonly task: Task
    startTime: number | null
    endTime: number | null
    answer: Answer | null
  }[]
}

const ROOT = '/services/rest'

export function createJobs(switches: Switches, now: () => number): Jobs {
  const jobs = new Map<number, Job>()
  const byKey = new Map<string, number>()
  const timers = new Set<NodeJS.Timeout>()

  function later(work: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer)
      work()
    }, switches.asyncMs)
    timers.add(timer)
  }

  /** One task after the other. */
  function runFrom(job: Job, at: number): void {
    const state = job.tasks[at]
    if (state === undefined) return
    state.startTime = now()
    later(() => {
      state.answer = answerOf(state.task)
      state.endTime = now()
      runFrom(job, at + 1)
    })
  }

  function answerOf(task: Task): Answer {
    try {
      return task.run()
    } catch (error) {
      if (error instanceof RestError) return errorAnswer(error, switches.errorLinks)
      console.error(error)
      return unexpectedError(now(), switches.errorLinks)
    }
  }

  return {
    submit(request, tasks) {
      const key = request.headers['x-netsuite-idempotency-key']
      const earlier = key === undefined ? undefined : byKey.get(key)
      if (earlier !== undefined) return idempotencyAnswer(`${ROOT}/async/v1/job/${earlier}`)
      const id = jobs.size + 1
      const job: Job = {
        id,
        tasks: tasks.map((task) => ({ task, startTime: null, endTime: null, answer: null })),
      }
      jobs.set(id, job)
      if (key !== undefined) byKey.set(key, id)
      runFrom(job, 0)
      const location = `${request.origin}${ROOT}/async/v1/job/${id}`
      return { status: 202, headers: { location, 'preference-applied': 'respond-async' }, body: '' }
    },
    read(request, segments) {
      const [name, id, tasks, number, result, ...more] = segments
      const job = name === 'job' && id !== undefined ? jobs.get(Number(id)) : undefined
      if (job === undefined || more.length > 0 || (tasks !== undefined && tasks !== 'task')) throw notFound(request)
      const href = `${request.origin}${ROOT}/async/v1/job/${job.id}`
      const self = (address: string) => [{ rel: 'self', href: address }]
      if (tasks === undefined) {
        const completed = job.tasks.every((it) => it.answer !== null)
        const failed = job.tasks.some((it) => (it.answer?.status ?? 200) >= 400)
        return json(200, {
          links: self(href),
          completed,
          id: String(job.id),
          progress: completed ? (failed ? 'failed' : 'succeeded') : 'processing',
          task: { links: self(`${href}/task`) },
        })
      }
      if (number === undefined) {
        const items = job.tasks.map((_, at) => ({ links: self(`${href}/task/${at + 1}`), id: String(at + 1) }))
        const count = items.length
        return json(200, { links: self(`${href}/task`), count, hasMore: false, items, offset: 0, totalResults: count })
      }
      const task = job.tasks[Number(number) - 1]
      if (task === undefined || (result !== undefined && result !== 'result')) throw notFound(request)
      if (result === 'result') {
        if (task.answer === null) {
          throw refusal(400, 'INVALID_REQUEST', 'The task has not been completed yet.')
        }
        return task.answer
      }
      const time = (at: number | null) => (at === null ? undefined : new Date(at).toISOString().replace(/\.\d+Z$/, 'Z'))
      const failed = (task.answer?.status ?? 200) >= 400
      return json(200, {
        links: self(`${href}/task/${number}`),
        completed: task.answer !== null,
        endTime: time(task.endTime),
        id: number,
        progress:
          task.answer === null ? (task.startTime === null ? 'pending' : 'processing') : failed ? 'failed' : 'succeeded',
        startTime: time(task.startTime),
      })
    },
    close() {
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
    },
  }
}

function notFound(request: Request): RestError {
  return refusal(404, 'NONEXISTENT_ID', 'The asynchronous job does not exist.', { 'o:errorUrl': request.path })
}
