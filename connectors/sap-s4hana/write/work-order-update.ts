import { createFindings, defineOperation, type Findings, type WriteRequest } from '../../../core/index.ts'
import type { BatchRequest } from '../batch.ts'
import type { SapSession } from '../session.ts'
import { entityPath, type Row, stripZeros, text } from '../values.ts'
import { checksOf } from './purchase-order-create.ts'
import { type Sent, sentOf } from './sent.ts'
import { changing, type Check, matching, type Plan, type Updating } from './updating.ts'
import { descriptionCheck } from './work-order-create.ts'
import { PART_NAMES, TASK_NAMES, WORK_FIELDS, WORK_NAMES, WORK_SERVICE } from './work-order-fields.ts'
import { componentsOf, longTextsOf, operationIn, workKind } from './work-order-kind.ts'
import { headerValues, partValues, taskValues } from './work-order-values.ts'
import { partsIn } from './write-references.ts'

/** Header, operations and components that are there, in one changeset. SAP makes new ones only with their order. */
export const updateWorkOrder = defineOperation<SapSession, 'work_order'>({
  entity: 'work_order',
  operation: 'UPDATE',
  conflicts: 'native',
  atomic: true,
  fields: WORK_FIELDS.filter(({ on }) => on.includes('UPDATE')),
  ...changing((session, request) => updating(session, request)),
})

const updating = (session: SapSession, request: WriteRequest): Updating => ({
  doing: `changing work order ${request.target ?? ''}`,
  service: WORK_SERVICE,
  read: (signal) => workKind.read(session, request.target ?? '', signal),
  plan: (order) => planOf(session, order, request),
})

interface Changes {
  readonly requests: BatchRequest[]
  readonly checks: Check[]
}

function planOf(session: SapSession, order: Row, request: WriteRequest): Plan {
  const sent = sentOf(request.payload)
  const findings = createFindings()
  const changes: Changes = { requests: [], checks: [] }
  const values: Row = { ...headerValues(session, sent, request.mapping, findings), ...sent.custom(findings) }
  if (Object.keys(values).length > 0) {
    const path = entityPath('MaintenanceOrder', { MaintenanceOrder: order['MaintenanceOrder'] ?? '' })
    changes.requests.push({ method: 'PATCH', path, body: values, ...matching(order) })
    changes.checks.push(...checksOf(values, WORK_NAMES, '', (row) => row))
  }
  longText(session, sent, order, changes, findings)
  for (const task of sent.lines('tasks')) taskChange(task, order, changes, findings)
  for (const part of sent.lines('parts')) partChange(part, order, changes, findings)
  findings.settle(`changing work order ${request.target ?? ''}`)
  return { ...changes, names: { header: WORK_NAMES } }
}

function longText({ config }: SapSession, sent: Sent, order: Row, changes: Changes, findings: Findings): void {
  const description = sent.text('description') ?? (sent.cleared('description') ? '' : null)
  if (description === null) return
  const texts = longTextsOf(order)
  const own = texts.find((each) => text(each['Language']) === config.language) ?? texts[0]
  if (own === undefined) {
    if (description !== '')
      findings.add(
        'description',
        'NOT_WRITABLE',
        'SAP takes a long text only when the order is made, and this one has none',
      )
    return
  }
  const { MaintenanceOrder = '', TextObjectType = '', Language = '' } = own
  const path = entityPath('MaintenanceOrderLongText', { MaintenanceOrder, TextObjectType, Language })
  changes.requests.push({ method: 'PATCH', path, body: { MaintenanceOrderLongText: description }, ...matching(own) })
  changes.checks.push(
    description === ''
      ? {
          field: 'description',
          native: 'MaintenanceOrderLongText',
          holds: (row) =>
            row !== null &&
            longTextsOf(row).every(
              (each) => text(each['Language']) !== Language || text(each['MaintenanceOrderLongText']) === null,
            ),
        }
      : descriptionCheck(description),
  )
}

/** The row that a line names; null = told in the findings. */
function existing(
  line: Sent,
  entity: string,
  order: Row,
  findings: Findings,
  of: (record: Row, parts: readonly string[]) => Row | null,
): { readonly row: Row; readonly find: (record: Row) => Row | null } | null {
  const path = `${line.at}line_id`
  if (line.text('line_id') === null) {
    findings.add(path, 'UNSUPPORTED_OPERATION', 'SAP makes tasks and parts only together with their order')
    return null
  }
  if (line.text('action') === 'DELETE') {
    findings.add(`${line.at}action`, 'UNSUPPORTED_OPERATION', 'the service deletes no tasks and parts')
    return null
  }
  const parts = partsIn(line, 'line_id', entity, findings)
  if (parts === null) return null
  const isOwn = stripZeros(parts[0] ?? '') === stripZeros(text(order['MaintenanceOrder']) ?? '')
  const row = isOwn ? of(order, parts) : null
  if (row === null) findings.add(path, 'NOT_FOUND', 'the order has no such line')
  return row === null ? null : { row, find: (record) => of(record, parts) }
}

const keyOf = (row: Row) => ({
  MaintenanceOrder: row['MaintenanceOrder'] ?? '',
  MaintenanceOrderOperation: row['MaintenanceOrderOperation'] ?? '',
  MaintenanceOrderSubOperation: row['MaintenanceOrderSubOperation'] ?? '',
})

function taskChange(task: Sent, order: Row, { requests, checks }: Changes, findings: Findings): void {
  const found = existing(task, 'work_order_task', order, findings, (record, parts) =>
    operationIn(record, parts[1] ?? '', parts[2] ?? ''),
  )
  const values = taskValues(task, findings)
  if (found === null || Object.keys(values).length === 0) return
  const path = entityPath('MaintenanceOrderOperation', keyOf(found.row))
  requests.push({ method: 'PATCH', path, body: values, ...matching(found.row) })
  checks.push(...checksOf(values, TASK_NAMES, task.at, found.find))
}

const INTERNAL_ID = 'MaintOrderComponentInternalID'

function partChange(part: Sent, order: Row, { requests, checks }: Changes, findings: Findings): void {
  const found = existing(
    part,
    'work_order_part',
    order,
    findings,
    (record, parts) =>
      componentsOf(operationIn(record, parts[1] ?? '', parts[2] ?? '')).find(
        (row) => stripZeros(text(row[INTERNAL_ID]) ?? '') === stripZeros(parts[3] ?? ''),
      ) ?? null,
  )
  const values = partValues(part, findings)
  if (found === null || Object.keys(values).length === 0) return
  const path = entityPath('MaintOrderOpComponent', { ...keyOf(found.row), [INTERNAL_ID]: found.row[INTERNAL_ID] ?? '' })
  requests.push({ method: 'PATCH', path, body: values, ...matching(found.row) })
  checks.push(...checksOf(values, PART_NAMES, part.at, found.find))
}
