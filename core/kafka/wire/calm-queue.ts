import type { RequestQueue } from '../kafkajs.ts'

const CHECK_MS = 10

/**
 * kafkajs arms a timer after every answer, with a negative delay when nothing is throttled: a loop of 1 ms for ever,
 * and a warning on newer Node. Here it is armed only while requests wait.
 */
export function calmQueue(queue: RequestQueue): void {
  queue.scheduleCheckPendingRequests = () => {
    if (queue.throttleCheckTimeoutId !== null || queue.pending.length === 0) return
    queue.throttleCheckTimeoutId = setTimeout(
      () => {
        queue.throttleCheckTimeoutId = null
        queue.checkPendingRequests()
      },
      Math.max(CHECK_MS, queue.throttledUntil - Date.now()),
    )
  }
}
