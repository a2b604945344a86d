import {
  createFindings,
  defineOperation,
  issue,
  type LineOutcome,
  RejectedError,
  RetryableError,
  type WriteOutcome,
  type WriteRequest,
} from '../../../core/index.ts'
import { literal } from '../literals.ts'
import { operationsOf } from '../read/work-order-rows.ts'
import { stageOfOrder, statusOf } from '../read/work-order-status.ts'
import type { SapSession } from '../session.ts'
import { type Row, stripZeros, text } from '../values.ts'
import { call, proof } from './changeset.ts'
import { create, type Creation, findCreated } from './creating.ts'
import { checksOf } from './purchase-order-create.ts'
import { type Sent, sentOf } from './sent.ts'
import type { Check } from './updating.ts'
import { PART_NAMES, TASK_NAMES, WORK_FIELDS, WORK_NAMES, WORK_SERVICE } from './work-order-fields.ts'
import { componentsOf, longTextsOf, operationIn, workAnchor, workKind } from './work-order-kind.ts'
import { headerValues, orderTypeOf, partValues, taskValues } from './work-order-values.ts'

/** Header, operations, components and long text in one deep POST; status OPEN takes the call that releases it. */
export const createWorkOrder = defineOperation<SapSession, 'work_order'>({
  entity: 'work_order',
  operation: 'CREATE',
  anchor: 'searchable',
  conflicts: 'none',
  atomic: false,
  fields: WORK_FIELDS.filter(({ on }) => on.includes('CREATE')),
  async execute(session, request, signal) {
    if (!isToBeReleased(request)) return create(session, workKind, creationOf(session, request), signal)
    const isLeft = request.steps.length > 0
    const outcome = await (isLeft
      ? left(session, request, signal)
      : create(session, workKind, creationOf(session, request), signal))
    await request.finished('create', outcome.target)
    return release(session, request, outcome, signal)
  },
  async find(session, request, signal) {
    const found = await made(session, request, signal)
    if (typeof found === 'string' || !isToBeReleased(request)) return found
    const order = await workKind.read(session, found.target, signal)
    const isDraft = order !== null && statusOf(stageOfOrder(order), request.mapping) === 'DRAFT'
    return isDraft ? { ...found, steps: steps(found.target, 'FAILED').slice(0, 1), unfinished: true } : found
  },
})

const made = (session: SapSession, request: WriteRequest, signal: AbortSignal) =>
  findCreated(session, workKind, workAnchor(request), request, linesOf(sentOf(request.payload)), signal)

/** The order that an earlier attempt is known to have made. */
async function left(session: SapSession, request: WriteRequest, signal: AbortSignal): Promise<WriteOutcome> {
  const found = await made(session, request, signal)
  if (typeof found === 'string') throw new RetryableError('the work order that was made is not shown')
  return found
}

const isToBeReleased = ({ payload }: WriteRequest): boolean => sentOf(payload).text('status') === 'OPEN'

async function release(
  session: SapSession,
  request: WriteRequest,
  outcome: WriteOutcome,
  signal: AbortSignal,
): Promise<WriteOutcome> {
  const query = { MaintenanceOrder: literal.string(outcome.target) }
  let why = 'SAP accepted the call and left the order as it was'
  try {
    await call(session, WORK_SERVICE, { name: 'ReleaseMaintenanceOrder', query }, signal)
  } catch (error) {
    // anything else may pass: the order is known, and only its release is tried again
    if (!(error instanceof RejectedError)) throw error
    why = error.message
  }
  const order = await proof('releasing a work order', () => workKind.read(session, outcome.target, signal))
  const isDraft = order === null || statusOf(stageOfOrder(order), request.mapping) === 'DRAFT'
  return isDraft ? unreleased(outcome, why) : { ...outcome, steps: steps(outcome.target, 'APPLIED') }
}

const unreleased = (outcome: WriteOutcome, why: string): WriteOutcome => ({
  ...outcome,
  steps: steps(outcome.target, 'FAILED'),
  partial: [...(outcome.partial ?? []), issue('status', 'STATE_NOT_ALLOWED', `not released: ${why}`)],
})

const steps = (sourceId: string, outcome: 'APPLIED' | 'FAILED') =>
  [
    { name: 'create', outcome: 'APPLIED', sourceId },
    { name: 'release', outcome, sourceId },
  ] as const

const numberAt = (index: number): string => String((index + 1) * 10).padStart(4, '0')

function creationOf(session: SapSession, request: WriteRequest): Creation {
  const { config } = session
  const sent = sentOf(request.payload)
  const findings = createFindings()
  const custom = sent.custom(findings) ?? {}
  const anchor = workAnchor(request)
  const [tasks, parts] = [sent.lines('tasks'), sent.lines('parts')]
  const needed = (native: string, field: string | null, value: Row[string] | undefined, setting: string): Row => {
    if (value !== null && value !== undefined) return { [native]: value }
    if (custom[native] === undefined) findings.add(field, 'REQUIRED', `${native} must be given: set ${setting}`)
    return {}
  }
  if (sent.text('title') === null) findings.add('title', 'REQUIRED', 'must be given')
  if (sent.text('asset_id') === null)
    findings.add('asset_id', 'REQUIRED', 'an order is for an equipment or a functional location')
  if (custom[anchor.property] !== undefined)
    findings.add('custom_fields', 'INVALID_VALUE', `${anchor.property} holds the mark of the command`)
  const values = headerValues(session, sent, request.mapping, findings)
  const header: Row = {
    ...needed(
      'MaintenanceOrderType',
      'maintenance_type',
      orderTypeOf(session, sent, request.mapping),
      'maintenance_order_types',
    ),
    ...needed('MaintenancePlanningPlant', null, config.planning_plant, 'planning_plant'),
    ...needed('MainWorkCenter', 'team', values['MainWorkCenter'] ?? config.main_work_center, 'main_work_center'),
    ...(config.planning_plant === null ? {} : { MainWorkCenterPlant: config.planning_plant }),
    ...values,
    [anchor.property]: anchor.value,
    ...custom,
  }
  const description = sent.text('description')
  const rows = tasks.map((task) => taskValues(task, findings))
  const components = parts.map((part) => partValues(part, findings))
  for (const part of parts)
    if (part.text('item_id') === null) findings.add(`${part.at}item_id`, 'REQUIRED', 'must be given')
  const places = parts.map((part) => operationOf(part, tasks))
  findings.settle('creating a work order')
  // parts need an operation to be used in
  const all = rows.length === 0 && parts.length > 0 ? [{ OperationDescription: sent.text('title') ?? '' }] : rows
  const operations = all.map((row, index) => ({
    MaintenanceOrderOperation: numberAt(index),
    OperationControlKey: config.operation_control_key,
    ...(config.main_work_center === null ? {} : { WorkCenter: config.main_work_center }),
    ...(config.planning_plant === null ? {} : { Plant: config.planning_plant }),
    ...row,
    ...(places.includes(index)
      ? { to_MaintOrderOpComponent_2: components.filter((_, at) => places[at] === index) }
      : {}),
  }))
  return {
    body: {
      ...header,
      ...(operations.length === 0 ? {} : { to_MaintenanceOrderOperation: operations }),
      ...(description === null
        ? {}
        : { to_MaintenanceOrderLongText: [{ Language: config.language, MaintenanceOrderLongText: description }] }),
    },
    names: { header: WORK_NAMES },
    checks: [
      ...checksOf(header, WORK_NAMES, '', (row) => row),
      ...tasks.flatMap((task, index) =>
        checksOf(rows[index] ?? {}, TASK_NAMES, task.at, (order) => operationIn(order, numberAt(index))),
      ),
      ...parts.flatMap((part, index) =>
        checksOf(components[index] ?? {}, PART_NAMES, part.at, (order) => partRow(order, places, index)),
      ),
      ...(description === null ? [] : [descriptionCheck(description)]),
    ],
    lines: linesOf(sent),
  }
}

/** Index of the operation that a part is used in: by the reference of its task, else the first. */
function operationOf(part: Sent, tasks: readonly Sent[]): number {
  const wanted = part.text('task_id')
  const found = wanted === null ? -1 : tasks.findIndex((task) => task.text('line_ref') === wanted)
  return Math.max(0, found)
}

function partRow(order: Row, places: readonly number[], index: number): Row | null {
  const place = places[index] ?? 0
  const among = places.slice(0, index).filter((each) => each === place).length
  return componentsOf(operationIn(order, numberAt(place)))[among] ?? null
}

export const descriptionCheck = (description: string): Check => ({
  field: 'description',
  native: 'MaintenanceOrderLongText',
  holds: (order) =>
    order !== null && longTextsOf(order).some((each) => text(each['MaintenanceOrderLongText']) === description.trim()),
})

const linesOf =
  (sent: Sent) =>
  (order: Row): readonly LineOutcome[] => {
    const [tasks, parts] = [sent.lines('tasks'), sent.lines('parts')]
    const places = parts.map((part) => operationOf(part, tasks))
    const key = (operation: Row | null, ...more: string[]) =>
      [
        text(order['MaintenanceOrder']) ?? '',
        text(operation?.['MaintenanceOrderOperation']) ?? '',
        text(operation?.['MaintenanceOrderSubOperation']) ?? '',
        ...more,
      ].join('|')
    return [
      ...tasks.flatMap((task, index): LineOutcome[] => {
        const operation = operationIn(order, numberAt(index))
        if (operation === null) return []
        const lineNumber = stripZeros(text(operation['MaintenanceOrderOperation']) ?? '')
        return [{ lineRef: task.text('line_ref'), lineKey: key(operation), lineNumber }]
      }),
      ...parts.flatMap((part, index): LineOutcome[] => {
        const row = partRow(order, places, index)
        if (row === null) return []
        const operation = operationsOf(order)[places[index] ?? 0] ?? null
        const lineKey = key(operation, text(row['MaintOrderComponentInternalID']) ?? '')
        return [{ lineRef: part.text('line_ref'), lineKey, lineNumber: text(row['MaintenanceOrderComponent']) }]
      }),
    ]
  }
