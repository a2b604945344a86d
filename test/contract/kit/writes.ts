import type { CommandResult } from '../../../core/index.ts'
import { type OperationRule, must } from './rules.ts'
import {
  connectionCut,
  type Operation,
  type Refusal,
  type WriteCommand,
  type WriteWorld,
  type Writing,
  writeWorldOf,
  writing,
} from './writing.ts'

/** A wait that no connector would think of. */
const WAIT_S = 7

const said = ({ outcome, errors }: CommandResult): string => `${outcome}: ${JSON.stringify(errors)}`

function mustBeApplied(result: CommandResult, { atomic }: Operation, when: string): void {
  const allowed = ['APPLIED', ...(atomic ? [] : ['PARTIALLY_APPLIED'])]
  must(allowed.includes(result.outcome), `${when}: not applied: ${said(result)}`)
}

async function mustBeOnce(command: WriteCommand, when: string): Promise<void> {
  const times = await command.times()
  must(times === 1, `${when}: it is ${times} times in the system`)
}

/** What one command takes when all is well: every request, and which of them change something. */
async function measured({ send, ended, wire, isWrite }: Writing, world: WriteWorld, operation: Operation) {
  const command = await world.make()
  must((await command.times()) === 0, 'its effect is in the system before it was sent')
  mustBeApplied(await ended(await send(command)), operation, 'all was well')
  await mustBeOnce(command, 'all was well')
  // the session and its tokens are there now: another one is the measure
  const again = wire.requests.length
  mustBeApplied(await ended(await send(await world.make())), operation, 'all was well')
  const requests = wire.requests.slice(again)
  const writes = requests.flatMap((request, index) => (isWrite(request) ? [index + 1] : []))
  must(writes.length > 0, 'it says that it has written, and nothing went over the wire')
  return { all: requests.map((_, index) => index + 1), writes }
}

/** Cuts the connection once, at the nth request from now on. */
function cut(wire: Writing['wire'], nth: number, when: 'before' | 'after'): void {
  const from = wire.requests.length
  const here = (n: number) => {
    if (n === from + nth) throw connectionCut()
    return null
  }
  wire.before = when === 'before' ? (_request, n) => here(n) : null
  wire.after = when === 'after' ? (_answer, _request, n) => here(n) : null
}

function refuseBy(answer: Refusal['answer'], wire: Writing['wire'], isWrite: Writing['isWrite']): void {
  if (answer === undefined) return
  wire.before = (request) => {
    const seen = { method: request.method, url: request.url, body: String(request.body ?? '') }
    return isWrite(seen) ? answer(seen) : null
  }
}

export const WRITE_RULES: readonly OperationRule[] = [
  {
    id: 'W1',
    statement: 'a command that comes twice, at once, later and after the death of the writer, is applied once',
    check: (harness, operation) =>
      writing(harness, operation, async (run) => {
        const { driver, send, ended, wire, until } = run
        const world = writeWorldOf(harness, operation)
        const command = await world.make()
        const id = await send(command)
        await send(command, id)
        const first = await ended(id)
        mustBeApplied(first, operation, 'sent twice at once')
        await mustBeOnce(command, 'sent twice at once')
        if (operation.operation === 'CREATE' && world.isUnique !== true) {
          const twin = await ended(await send(command))
          mustBeApplied(twin, operation, 'another command of the same content')
          must(twin.source_id !== first.source_id, 'another command of the same content is taken for the first')
        }
        const times = await command.times()
        const asked = wire.requests.length
        const answers = driver.results(id).length
        await send(command, id)
        await until('the repeated command is answered', () => driver.results(id).length > answers)
        await driver.crash()
        await driver.start()
        await send(command, id)
        await until('it is answered after the restart', () => driver.results(id).length > answers + 1)
        must(run.writesSince(asked) === 0, 'a command that is finished is written again')
        must(driver.result(id)?.source_id === first.source_id, 'the same command is answered with another record')
        must((await command.times()) === times, 'a command that came four times was applied again')
        // accepted and started, done
        for (const commit of [1, 2])
          for (const moment of ['before', 'after'] as const) {
            const each = await world.make()
            driver.crashAt(commit, moment)
            const dying = await send(each)
            await until('the writer dies', () => driver.crashed())
            await driver.crash()
            await driver.start()
            const when = `the writer died ${moment} its commit ${commit}`
            mustBeApplied(await ended(dying), operation, when)
            await mustBeOnce(each, when)
          }
      }),
  },
  {
    id: 'W2',
    statement: 'cut after the system has applied it, it is found, and not written again',
    appliesTo: ({ anchor }) => anchor !== 'none',
    check: (harness, operation) =>
      writing(harness, operation, async (run) => {
        const { send, ended, wire, quiet } = run
        const world = writeWorldOf(harness, operation)
        const { writes } = await measured(run, world, operation)
        for (const [index, nth] of writes.entries()) {
          const when = `the answer to change ${index + 1} of ${writes.length} was lost`
          const command = await world.make()
          await quiet()
          const from = wire.requests.length
          cut(wire, nth, 'after')
          const id = await send(command)
          const result = await ended(id)
          mustBeApplied(result, operation, when)
          await mustBeOnce(command, when)
          if (index < writes.length - 1) continue
          const doubted = run.driver.outcomes(id).includes('IN_DOUBT')
          must(!doubted || result.is_replay, `${when}: it was not found`)
          must(run.writesSince(from) === writes.length, `${when}: it was written again`)
        }
      }),
  },
  {
    id: 'W3',
    statement: 'cut before the system gets it, it is sent again and applied once',
    check: (harness, operation) =>
      writing(harness, operation, async (run) => {
        const { send, ended, wire, quiet } = run
        const world = writeWorldOf(harness, operation)
        const { all } = await measured(run, world, operation)
        for (const nth of all) {
          const when = `request ${nth} of ${all.length} was lost`
          const command = await world.make()
          await quiet()
          cut(wire, nth, 'before')
          mustBeApplied(await ended(await send(command)), operation, when)
          await mustBeOnce(command, when)
        }
      }),
  },
  {
    id: 'W4',
    statement: "a refusal names the field in the system's own words, and nothing is changed",
    check: (harness, operation) =>
      writing(harness, operation, async ({ driver, send, ended, wire, isWrite }) => {
        const { field, words, answer, ...command } = await writeWorldOf(harness, operation).refused()
        refuseBy(answer, wire, isWrite)
        let answers = ''
        wire.after = ({ body }) => {
          answers += body
          return null
        }
        const id = await send(command)
        const result = await ended(id)
        must(result.outcome === 'REJECTED', `it was refused, and it says ${said(result)}`)
        must(!driver.outcomes(id).includes('RETRYING'), 'what was refused is tried again')
        const told = result.errors.find((each) => each.field === field && words.test(each.vendor_message ?? ''))
        must(told !== undefined, `${field ?? 'the record'}: ${words.source} is not in ${said(result)}`)
        const verbatim = JSON.stringify(told.vendor_message).slice(1, -1)
        must(answers.includes(verbatim), `"${told.vendor_message}" is not what the system said`)
        must((await command.times()) === 0, 'it was refused, and its effect is in the system')
      }),
  },
  {
    id: 'W5',
    statement: 'asked to slow down, it waits as long as the system says, and that costs no attempt',
    check: (harness, operation) =>
      writing(harness, operation, async (run) => {
        const { driver, send, ended, wire, quiet } = run
        const world = writeWorldOf(harness, operation)
        const { writes } = await measured(run, world, operation)
        for (const [index, nth] of writes.entries()) {
          const when = `change ${index + 1} of ${writes.length} was too many`
          const command = await world.make()
          await quiet()
          const from = wire.requests.length
          const sentAt: number[] = []
          wire.after = null
          wire.before = (_request, n) => {
            sentAt.push(driver.clock.now())
            return n === from + nth ? { status: 429, headers: { 'retry-after': String(WAIT_S) } } : null
          }
          const id = await send(command)
          const result = await ended(id)
          mustBeApplied(result, operation, when)
          await mustBeOnce(command, when)
          must(result.attempts === 1, `${when}: it counts ${result.attempts} attempts`)
          // after the first one, a part is done: the connector may see to the rest itself
          if (index > 0) continue
          must(driver.outcomes(id).includes('RETRYING'), `${when}: ${driver.outcomes(id).join(', ')}`)
          const waited = (sentAt[nth] ?? Number.POSITIVE_INFINITY) - (sentAt[nth - 1] ?? 0)
          must(waited >= WAIT_S * 1000, `${when}: it waited ${waited} ms instead of ${WAIT_S} s`)
        }
      }),
  },
  {
    id: 'W6',
    statement: 'one bad command does not fail the others that come with it',
    check: (harness, operation) =>
      writing(harness, operation, async ({ driver, send, ended, wire, isWrite }) => {
        const world = writeWorldOf(harness, operation)
        const good = [await world.make(), await world.make()]
        const { answer, ...bad } = await world.refused()
        refuseBy(answer, wire, isWrite)
        // read by the writer in one batch
        const sent = [bad, ...good].map((command) => send(command))
        const poison = driver.sendBytes(operation.entity, Buffer.from('poison'), harness.mapping.connectionId)
        const [refused = '', ...others] = await Promise.all(sent)
        await poison
        const result = await ended(refused)
        must(result.outcome === 'REJECTED', `it was refused, and it says ${said(result)}`)
        for (const id of others) mustBeApplied(await ended(id), operation, 'beside a bad one')
        for (const command of good) await mustBeOnce(command, 'beside a bad one')
        const after = await world.make()
        mustBeApplied(await ended(await send(after)), operation, 'after a bad one')
        await mustBeOnce(after, 'after a bad one')
      }),
  },
  {
    id: 'W8',
    statement: 'commands for one object are applied in the order in which they were sent',
    appliesTo: ({ operation }) => operation === 'UPDATE',
    check: (harness, operation) =>
      writing(harness, operation, async (run) => {
        const { driver, send, ended, wire } = run
        const world = writeWorldOf(harness, operation)
        must(world.next !== undefined, 'the harness has no second change of one record')
        await measured(run, world, operation)
        const first = world.next(await world.make())
        const second = world.next(first)
        const third = world.next(second)
        // the first one is in doubt for minutes
        let isCut = false
        wire.before = (request) => {
          if (isCut || !run.isWrite({ ...request, body: String(request.body ?? '') })) return null
          isCut = true
          throw connectionCut()
        }
        const ids = await Promise.all([first, second, third].map((command) => send(command)))
        const ends: string[] = []
        for (const id of ids) {
          const result = await ended(id)
          mustBeApplied(result, operation, 'one of three changes')
          ends.push(`${String(result.finished_at)} ${id}`)
        }
        must(isCut, 'nothing was written')
        const times = ids.map((id) => driver.result(id)?.finished_at ?? 0)
        must(
          times.every((time, n) => n === 0 || time >= (times[n - 1] ?? 0)),
          `out of order: ${ends.join(', ')}`,
        )
        await mustBeOnce(third, 'the last of three changes')
        for (const earlier of [first, second])
          must((await earlier.times()) === 0, 'an earlier change is in the system after a later one')
      }),
  },
]
