import { ConflictError } from '../../../core/index.ts'

/** The record is not the one that the client saw. */
export const conflict = (doing: string, now: string | null): ConflictError =>
  new ConflictError(`${doing}: somebody else has changed it${now === null ? '' : `; its version is ${now}`}`, now, {
    status: 412,
  })
