import { defineOperation, issue, type WriteRequest, zones } from '../../../core/index.ts'
import { literal } from '../literals.ts'
import type { SapSession } from '../session.ts'
import { children, flag, type Row, text } from '../values.ts'
import { refuse } from './issues.ts'
import { documentKind } from './movement-create.ts'
import { DOCUMENT_SERVICE, MOVEMENT_NAMES } from './movement-fields.ts'
import { changing, type Updating } from './updating.ts'

/** SAP takes a document back by another one, posted today. */
export const cancelMovement = defineOperation<SapSession, 'inventory_movement'>({
  entity: 'inventory_movement',
  operation: 'DELETE',
  conflicts: 'compare',
  atomic: true,
  fields: [],
  ...changing((session, request) => canceling(session, request)),
})

function canceling(session: SapSession, request: WriteRequest): Updating {
  const doing = `canceling goods movement ${request.target ?? ''}`
  return {
    doing,
    service: DOCUMENT_SERVICE,
    read: (signal) => documentKind.read(session, request.target ?? '', signal),
    plan(document) {
      const today = Math.floor(zones.localOf(request.startedAt, session.timeZone) / 86_400_000) * 86_400_000
      const query = {
        MaterialDocumentYear: literal.string(text(document['MaterialDocumentYear']) ?? ''),
        MaterialDocument: literal.string(text(document['MaterialDocument']) ?? ''),
        PostingDate: literal.datetime(today),
      }
      if (children(document['to_MaterialDocumentItem']).length === 0)
        refuse(doing, [issue(null, 'STATE_NOT_ALLOWED', 'the document has no items')])
      return {
        requests: [],
        calls: isCanceled(document) ? [] : [{ name: 'Cancel', query }],
        checks: [
          {
            field: null,
            native: 'GoodsMovementIsCancelled',
            holds: (row) => row !== null && isCanceled(row),
          },
        ],
        names: { header: MOVEMENT_NAMES },
        warnings: [issue(null, 'UNSUPPORTED_OPERATION', 'SAP keeps the document and takes it back by another one')],
      }
    },
  }
}

const isCanceled = (document: Row): boolean =>
  children(document['to_MaterialDocumentItem']).every((item) => flag(item['GoodsMovementIsCancelled']) === true)
