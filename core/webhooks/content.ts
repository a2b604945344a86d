/** What is signed: texts and parts of the delivery, in turn. */
export type SignedPart = 'body' | 'ts' | 'id' | 'token'
export interface SignedContent {
  readonly pieces: readonly (string | { readonly part: SignedPart })[]
  readonly parts: ReadonlySet<SignedPart>
}

const PARTS: ReadonlySet<string> = new Set<SignedPart>(['body', 'ts', 'id', 'token'])

/** Reads a template like `v0:{ts}:{body}`. @throws RangeError for a part that does not exist */
export function signedContent(template: string): SignedContent {
  const pieces = template.split(/(\{[^}]*\})/).flatMap((piece): SignedContent['pieces'] => {
    if (piece === '') return []
    if (!piece.startsWith('{')) return [piece]
    const part = piece.slice(1, -1)
    if (!PARTS.has(part)) throw new RangeError(`"${template}" names a part that no delivery has: ${piece}`)
    return [{ part: part as SignedPart }]
  })
  return { pieces, parts: new Set(pieces.flatMap((piece) => (typeof piece === 'string' ? [] : [piece.part]))) }
}
