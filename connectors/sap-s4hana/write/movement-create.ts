import {
  createFindings,
  decimals,
  defineOperation,
  issue,
  type LineOutcome,
  type WriteRequest,
  zones,
} from '../../../core/index.ts'
import { isAutomatic } from '../read/movement-lines.ts'
import { readRow } from '../read/keyset.ts'
import { byNumber } from '../read/references.ts'
import type { SapSession } from '../session.ts'
import { children, type Row, stripZeros, text } from '../values.ts'
import { type Anchor, create, type Creation, findCreated, type Kind } from './creating.ts'
import { differencesOf } from './movement-count.ts'
import { DOCUMENT_SERVICE, MOVED_NAMES, MOVEMENT_FIELDS, MOVEMENT_NAMES } from './movement-fields.ts'
import { movedLine } from './movement-lines.ts'
import { dateValue } from './native-values.ts'
import { checksOf } from './purchase-order-create.ts'
import { type Sent, sentOf } from './sent.ts'

export const documentKind: Kind = {
  noun: 'goods movement',
  service: DOCUMENT_SERVICE,
  set: 'A_MaterialDocumentHeader',
  keyOf,
  targetOf: keyOf,
  read(session, key, signal) {
    const [MaterialDocumentYear = '', MaterialDocument = ''] = key.split('|')
    const path = { MaterialDocumentYear, MaterialDocument }
    return readRow(session, DOCUMENT_SERVICE, 'A_MaterialDocumentHeader', path, ['to_MaterialDocumentItem'], signal)
  },
}

function keyOf(row: Row): string | null {
  const [year, number] = [text(row['MaterialDocumentYear']), text(row['MaterialDocument'])]
  return year === null || number === null ? null : `${year}|${number}`
}

/** One document. A count is posted as its difference to the stock, which `plan` has decided. */
export const createMovement = defineOperation<SapSession, 'inventory_movement'>({
  entity: 'inventory_movement',
  operation: 'CREATE',
  anchor: 'searchable',
  conflicts: 'none',
  atomic: true,
  fields: MOVEMENT_FIELDS,
  plan: differencesOf,
  execute: async (session, request, signal) =>
    create(session, documentKind, creationOf(session, await planned(session, request, signal)), signal),
  find: (session, request, signal) =>
    findCreated(session, documentKind, anchorOf(request), request, linesOf(request), signal),
})

/** The mark is in the reference, or in the header text where the client has a reference of its own. */
function anchorOf(request: WriteRequest): Anchor {
  const property =
    sentOf(request.payload).text('reference') === null ? 'ReferenceDocument' : 'MaterialDocumentHeaderText'
  const length = property === 'ReferenceDocument' ? 16 : 25
  return { property, value: request.token(length), createdOn: 'CreationDate' }
}

const planned = async (session: SapSession, request: WriteRequest, signal: AbortSignal): Promise<WriteRequest> =>
  request.plan === null ? { ...request, plan: await differencesOf(session, request, signal) } : request

const DOING = 'posting a goods movement'

function creationOf(session: SapSession, request: WriteRequest): Creation {
  const sent = sentOf(request.payload)
  const findings = createFindings()
  const kind = sent.text('kind') ?? ''
  const lines = sent.lines('lines')
  const anchor = anchorOf(request)
  if (kind === '') findings.add('kind', 'REQUIRED', 'must be given')
  if (lines.length === 0) findings.add('lines', 'REQUIRED', 'a movement has at least one line')
  if (anchor.property === 'MaterialDocumentHeaderText' && sent.text('notes') !== null)
    findings.add('notes', 'NOT_WRITABLE', 'with a reference given, the header text holds the mark of the command')
  const differences = differencesIn(request)
  if (differences?.every(decimals.isZero) === true)
    findings.add('lines[0].quantity_counted', 'BUSINESS_RULE', 'the stock is as counted: there is nothing to post')
  const facts = { kind, header: sent, differences, mapping: request.mapping }
  const wanted = lines.flatMap((line, index) => (isCounted(differences, index) ? [] : [{ line, index }]))
  const moved = wanted.map(({ line, index }) => movedLine(session, line, index, facts, findings))
  const codes = new Set(moved.flatMap(({ posting }) => posting?.code ?? []))
  if (codes.size > 1)
    findings.add(
      'lines',
      'INVALID_VALUE',
      `SAP posts one kind of movement in a document, not ${[...codes].join(' and ')}: send them apart`,
    )
  const { document, posting } = datesOf(session, sent, request.startedAt)
  const header: Row = {
    GoodsMovementCode: [...codes][0] ?? '',
    PostingDate: dateValue(posting),
    DocumentDate: dateValue(document),
    ...(sent.text('reference') === null ? {} : { ReferenceDocument: sent.text('reference') }),
    ...(sent.text('notes') === null ? {} : { MaterialDocumentHeaderText: sent.text('notes') }),
    [anchor.property]: anchor.value,
    ...sent.custom(findings),
  }
  findings.settle(DOING)
  const at = (index: number) => wanted[index]?.line.at ?? ''
  return {
    body: { ...header, to_MaterialDocumentItem: moved.map(({ body }) => body) },
    names: {
      header: MOVEMENT_NAMES,
      line: MOVED_NAMES,
      lines: new Map(moved.map((_, index) => [String(index + 1), at(index)])),
    },
    checks: [
      ...checksOf(header, MOVEMENT_NAMES, '', (row) => row),
      ...moved.flatMap(({ body }, index) =>
        checksOf(body, MOVED_NAMES, at(index), (row) => postedItems(row)[index] ?? null),
      ),
    ],
    warnings:
      kind === 'COUNT'
        ? [
            issue(
              'lines',
              'RACE',
              'posted as the difference to the stock at the time of the command; SAP locks nothing between',
            ),
          ]
        : [],
    lines: lineOutcomes(sent, differences),
  }
}

function differencesIn({ plan }: WriteRequest): readonly string[] | null {
  const given = plan?.['differences']
  return Array.isArray(given) ? given.map(String) : null
}

const linesOf = (request: WriteRequest) => lineOutcomes(sentOf(request.payload), differencesIn(request))

const isCounted = (differences: readonly string[] | null, index: number): boolean =>
  differences !== null && decimals.isZero(differences[index] ?? '0')

/** Days in SAP's zone. */
function datesOf({ config, timeZone }: SapSession, sent: Sent, startedAt: number) {
  const today = new Date(zones.localOf(startedAt, timeZone)).toISOString().slice(0, 10)
  const document = sent.text('document_date') ?? today
  const fallback = config.posting_date_policy === 'document-date' ? document : today
  return { document, posting: sent.text('posting_date') ?? fallback }
}

/** Without what SAP adds of its own. */
const postedItems = (document: Row): readonly Row[] =>
  byNumber(children(document['to_MaterialDocumentItem']), 'MaterialDocumentItem').filter((item) => !isAutomatic(item))

const lineOutcomes =
  (sent: Sent, differences: readonly string[] | null) =>
  (document: Row): readonly LineOutcome[] => {
    const refs = sent
      .lines('lines')
      .flatMap((line, index) => (isCounted(differences, index) ? [] : [line.text('line_ref')]))
    return postedItems(document).map((item, index) => {
      const lineNumber = stripZeros(text(item['MaterialDocumentItem']) ?? '')
      return { lineRef: refs[index] ?? null, lineKey: `${keyOf(document) ?? ''}|${lineNumber}`, lineNumber }
    })
  }
