import {
  CorruptCursorError,
  type Cursor,
  type Json,
  type Page,
  type ReadRange,
  type ReadStream,
} from '../../../core/index.ts'
import type { TrytonSession } from '../session.ts'
import { isRow, reference, toDatetime } from '../values.ts'
import { afterOf, listKeys, readOne, readPages, readSome, type Source } from './by-id.ts'
import { idOf, nextRows } from './rows.ts'

/**
 * Tryton 6.0 has no flag for suppliers, and a party knows nothing of its purchases: whoever is a product supplier or
 * has a purchase is one. So a party may become a vendor without being written; increments look at both.
 *
 *  1. parties that were written (as every stream), of these the suppliers;
 *  2. product suppliers written since, their parties; 3. purchases written since, their parties. Most were delivered
 *     before: the runtime drops them. To leave them out here would need to know that they were committed.
 */
const STEPS = ['vendor', 'product_supplier', 'purchase'] as const
type Step = (typeof STEPS)[number]

const EVIDENCE: { readonly [S in Exclude<Step, 'vendor'>]: string } = {
  product_supplier: 'purchase.product_supplier',
  purchase: 'purchase.purchase',
}

export function onlySuppliers(
  everyParty: ReadStream<TrytonSession, 'vendor'>,
  source: Source<'vendor'>,
): ReadStream<TrytonSession, 'vendor'> {
  const isAll = (session: TrytonSession) => session.config.vendor_scope === 'all'
  return {
    ...everyParty,
    read: (session, range, signal) =>
      isAll(session) ? readPages(source, session, range, signal) : readSuppliers(source, session, range, signal),
    listKeys: (session, signal) =>
      isAll(session) ? listKeys(source, session, signal) : listSuppliers(source, session, signal),
    async readOne(session, key, signal) {
      const record = await readOne(source, session, key, signal)
      if (record === null || isAll(session)) return record
      return (await suppliersAmong(session, [Number(key)], signal)).has(Number(key)) ? record : null
    },
  }
}

async function* readSuppliers(
  source: Source<'vendor'>,
  session: TrytonSession,
  range: ReadRange,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  await session.requireModels(Object.values(EVIDENCE), signal)
  const [firstStep, cursor] = stepOf(range.cursor)
  for (const step of STEPS.slice(STEPS.indexOf(firstStep))) {
    const at = step === firstStep ? cursor : null
    if (step === 'vendor') yield* writtenSuppliers(source, session, { ...range, cursor: at }, signal)
    else if (range.mode === 'incremental' && range.since !== null)
      yield* newSuppliers(source, session, step, range.since, { ...range, cursor: at }, signal)
  }
}

async function* writtenSuppliers(
  source: Source<'vendor'>,
  session: TrytonSession,
  range: ReadRange,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  for await (const page of readPages(source, session, range, signal)) {
    const ids = page.records.map(({ key }) => Number(key))
    const suppliers = await suppliersAmong(session, ids, signal)
    const { total: _ofAllParties, ...rest } = page
    yield { ...rest, records: page.records.filter(({ key }) => suppliers.has(Number(key))) }
  }
}

/** Pages over the evidence; each brings the parties named in it. */
async function* newSuppliers(
  source: Source<'vendor'>,
  session: TrytonSession,
  step: Exclude<Step, 'vendor'>,
  since: number,
  range: ReadRange,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  const limit = Math.min(range.pageSize, session.config.page_size)
  const from = toDatetime(since)
  let after = afterOf(range.cursor, step)
  for (;;) {
    signal.throwIfAborted()
    const domain: Json[] = [
      ['OR', ['write_date', '>=', from], ['create_date', '>=', from]],
      ...companyOnly(session, step),
      ['id', '>', after],
    ]
    const found = await nextRows(session, { model: EVIDENCE[step], fields: ['party'] }, domain, limit, signal)
    if (found.lastId === null) return
    after = found.lastId
    const parties = new Set(found.rows.flatMap((row) => reference(row['party']) ?? []))
    const page = await readSome(source, session, [...parties], range.until, signal)
    yield { ...page, cursor: { [step]: after } }
    if (!found.more) return
  }
}

async function* listSuppliers(source: Source, session: TrytonSession, signal: AbortSignal): AsyncGenerator<string[]> {
  await session.requireModels(Object.values(EVIDENCE), signal)
  for await (const keys of listKeys(source, session, signal)) {
    // not from memory: a party may have ceased to be a supplier
    const suppliers = await askSuppliersAmong(session, keys.map(Number), signal)
    for (const key of keys) {
      if (suppliers.has(Number(key))) session.knownSuppliers.add(Number(key))
      else session.knownSuppliers.delete(Number(key))
    }
    yield keys.filter((key) => suppliers.has(Number(key)))
  }
}

/** Which of these parties are suppliers. */
async function suppliersAmong(session: TrytonSession, ids: readonly number[], signal: AbortSignal) {
  const known = ids.filter((id) => session.knownSuppliers.has(id))
  const found = await askSuppliersAmong(
    session,
    ids.filter((id) => !session.knownSuppliers.has(id)),
    signal,
  )
  for (const id of found) session.knownSuppliers.add(id)
  return new Set([...known, ...found])
}

async function askSuppliersAmong(session: TrytonSession, ids: readonly number[], signal: AbortSignal) {
  const found = new Set<number>()
  for (const step of STEPS) {
    if (step === 'vendor') continue
    let open = ids.filter((id) => !found.has(id))
    // a party with many purchases fills an answer: it is left out of the next question
    while (open.length > 0) {
      signal.throwIfAborted()
      const domain: Json[] = [['party', 'in', open], ...companyOnly(session, step)]
      const limit = Math.max(1000, open.length)
      const { rows, more } = await nextRows(
        session,
        { model: EVIDENCE[step], fields: ['party'] },
        domain,
        limit,
        signal,
      )
      for (const row of rows) found.add(reference(row['party']) ?? idOf(row))
      if (!more) break
      open = open.filter((id) => !found.has(id))
    }
  }
  return found
}

const companyOnly = (session: TrytonSession, step: Step): Json[] =>
  step === 'purchase'
    ? [['company', '=', session.company.id]]
    : [['OR', ['company', '=', session.company.id], ['company', '=', null]]]

function stepOf(cursor: Cursor | null): readonly [Step, Cursor | null] {
  if (cursor === null) return ['vendor', null]
  const [name] = isRow(cursor) ? Object.keys(cursor) : []
  const step = STEPS.find((each) => each === name)
  if (step === undefined) throw new CorruptCursorError(`${JSON.stringify(cursor)} is not a position in vendor`)
  return [step, cursor]
}
