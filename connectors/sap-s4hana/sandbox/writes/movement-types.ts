/** Goods movement types: what they do to stock and what they ask for. */

export interface MovementType {
  /** `in`, `out`; `transfer`: out here and in there, the second line being made by the system. */
  readonly effect: 'in' | 'out' | 'transfer'
  /** GoodsMovementCodes under which it can be posted. */
  readonly codes: readonly string[]
  /** The type that undoes it. */
  readonly reversal: string
  /** Refers to a purchase order item. */
  readonly order?: true
  /** What must be given, with the words of the refusal. */
  readonly needs?: readonly [field: string, label: string]
  /** Stock types of a transfer between stock types: from, to. */
  readonly stockTypes?: readonly [from: string, to: string]
}

const cost = ['CostCenter', 'Cost Center'] as const
const work = ['ManufacturingOrder', 'Order'] as const
const REVERSING = ['06', '03', '01', '05']

export const MOVEMENT_TYPES: Readonly<Record<string, MovementType>> = {
  '101': { effect: 'in', codes: ['01', '02'], reversal: '102', order: true },
  '102': { effect: 'out', codes: ['01', '02', '06'], reversal: '101', order: true },
  '122': { effect: 'out', codes: ['01'], reversal: '123', order: true },
  '123': { effect: 'in', codes: ['01', '06'], reversal: '122', order: true },
  '201': { effect: 'out', codes: ['03'], reversal: '202', needs: cost },
  '202': { effect: 'in', codes: REVERSING, reversal: '201', needs: cost },
  '261': { effect: 'out', codes: ['03'], reversal: '262', needs: work },
  '262': { effect: 'in', codes: REVERSING, reversal: '261', needs: work },
  '301': { effect: 'transfer', codes: ['04'], reversal: '302' },
  '302': { effect: 'transfer', codes: ['04', '06'], reversal: '301' },
  '311': { effect: 'transfer', codes: ['04'], reversal: '312' },
  '312': { effect: 'transfer', codes: ['04', '06'], reversal: '311' },
  '321': { effect: 'transfer', codes: ['04'], reversal: '322', stockTypes: ['02', '01'] },
  '322': { effect: 'transfer', codes: ['04', '06'], reversal: '321', stockTypes: ['01', '02'] },
  '343': { effect: 'transfer', codes: ['04'], reversal: '344', stockTypes: ['07', '01'] },
  '344': { effect: 'transfer', codes: ['04', '06'], reversal: '343', stockTypes: ['01', '07'] },
  '501': { effect: 'in', codes: ['05'], reversal: '502' },
  '502': { effect: 'out', codes: REVERSING, reversal: '501' },
  '551': { effect: 'out', codes: ['03'], reversal: '552' },
  '552': { effect: 'in', codes: REVERSING, reversal: '551' },
  '561': { effect: 'in', codes: ['05'], reversal: '562' },
  '562': { effect: 'out', codes: REVERSING, reversal: '561' },
  // Posted by the physical inventory only: no code of this service leads to them.
  '701': { effect: 'in', codes: [], reversal: '702' },
  '702': { effect: 'out', codes: [], reversal: '701' },
}

/** How a line of a document changed stock: the line that the system added to a transfer is the receiving one. */
export function directionOf(type: string, isAutomatic: boolean): 'in' | 'out' {
  const effect = MOVEMENT_TYPES[type]?.effect ?? 'in'
  if (effect !== 'transfer') return effect
  return isAutomatic ? 'in' : 'out'
}
