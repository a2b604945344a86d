import { describe, expect, test } from 'vitest'
import { CONNECTING_RULES } from '../../contract/kit/connecting.ts'
import { DECLARATION_RULES } from '../../contract/kit/declaration.ts'
import { MAPPING_RULES } from '../../contract/kit/mapping.ts'
import { READ_RULES } from '../../contract/kit/reads.ts'
import { type Fault, memoryHarness } from './memory-harness.ts'

const STREAM_RULES = [...READ_RULES, ...MAPPING_RULES]
const RULES = [...DECLARATION_RULES, ...CONNECTING_RULES]

/** Runs one rule by its number on a connector with this fault. */
async function run(id: string, fault: Fault | null): Promise<void> {
  const harness = memoryHarness(fault)
  const ofStream = STREAM_RULES.find((rule) => rule.id === id)
  if (ofStream !== undefined) return ofStream.check(harness, 'vendor')
  const rule = RULES.find((each) => each.id === id)
  if (rule === undefined) throw new Error(`there is no rule ${id}`)
  return rule.check(harness)
}

const BITES: readonly (readonly [rule: string, fault: Fault, complaint: RegExp])[] = [
  ['D3', 'names the password in its errors', /names a secret/],
  ['C1', 'accepts any password', /is no AuthError/],
  ['C4', 'ignores an abort', /timed out|more than a second|still open|complete/],
  ['R1', 'skips a record at each page end', /too few|other records/],
  ['R1', 'starts over when resumed', /other records/],
  ['R2', 'pages by timestamp alone', /lost/],
  ['R2', 'skips a record at each page end', /lost/],
  ['R4', 'ignores a corrupt cursor', /was taken/],
  ['R5', 'takes a failed list for complete', /ended normally/],
  ['R5', 'lists what was deleted', /was deleted and is listed/],
  ['R7', 'reads ahead', /nobody asked for/],
  ['R9', 'gives up at an unreadable record', /cannot be read/],
  ['R9', 'drops an unreadable record silently', /was not reported/],
  ['M1', 'asks for the time while mapping', /asked for the time/],
  ['M2', 'gives a number for a text', /./],
  ['M3', 'computes money in floats', /cost_amount/],
  ['M4', 'adds the mode to the payload', /differs/],
  ['M5', 'throws at an unknown state', /unknown state/],
]

describe('every rule bites', () => {
  test.each(BITES)('%s finds a connector that %s', { timeout: 5000 }, async (rule, fault, complaint) => {
    const outcome = await Promise.race([
      run(rule, fault).then(
        () => 'the rule found nothing',
        (error: unknown) => String(error),
      ),
      new Promise<string>((resolve) => setTimeout(resolve, 1500, 'timed out')),
    ])
    expect(outcome).not.toBe('the rule found nothing')
    expect(outcome).toMatch(complaint)
  })

  test.each([...new Set(BITES.map(([rule]) => rule)), 'R3'])('%s lets a sound connector pass', async (rule) => {
    await expect(run(rule, null)).resolves.toBeUndefined()
  })
})
