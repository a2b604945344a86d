import type { WriteRequest } from '../../../core/index.ts'
import { readRow } from '../read/keyset.ts'
import { operationsOf } from '../read/work-order-rows.ts'
import { children, type Row, stripZeros, text } from '../values.ts'
import type { Anchor, Kind } from './creating.ts'
import { WORK_SERVICE } from './work-order-fields.ts'

const EXPAND = ['to_MaintenanceOrderOperation/to_MaintOrderOpComponent_2', 'to_MaintenanceOrderLongText'] as const

/** In English: the status line is made of codes of the logon language. */
export const workKind: Kind = {
  noun: 'work order',
  service: WORK_SERVICE,
  set: 'MaintenanceOrder',
  keyOf: (row) => text(row['MaintenanceOrder']),
  targetOf: (record) => text(record['MaintenanceOrder']),
  read: (session, key, signal) =>
    readRow(session, WORK_SERVICE, 'MaintenanceOrder', { MaintenanceOrder: key }, EXPAND, signal, { language: 'EN' }),
}

export const workAnchor = (request: WriteRequest): Anchor => ({
  property: 'AdditionalDeviceData',
  value: request.token(40),
  createdAt: 'MaintOrderCreationDateTime',
})

export const operationIn = (order: Row, number: string, sub = ''): Row | null =>
  operationsOf(order).find(
    (operation) =>
      stripZeros(text(operation['MaintenanceOrderOperation']) ?? '') === stripZeros(number) &&
      (text(operation['MaintenanceOrderSubOperation']) ?? '') === sub,
  ) ?? null

export const componentsOf = (operation: Row | null): readonly Row[] =>
  children(operation?.['to_MaintOrderOpComponent_2'])

export const longTextsOf = (order: Row): readonly Row[] => children(order['to_MaintenanceOrderLongText'])
