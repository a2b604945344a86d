import type { AvroRecord } from './avro.ts'
import { problemsWithReleases } from './evolution.ts'
import { lintProblems } from './lint.ts'

/** Schemas among the generated files: path below `schemas/` → schema. */
export function schemasAmong(files: ReadonlyMap<string, string>): Map<string, AvroRecord> {
  const schemas = new Map<string, AvroRecord>()
  for (const [path, text] of files) {
    if (path.endsWith('.avsc')) schemas.set(path.slice('schemas/'.length), JSON.parse(text) as AvroRecord)
  }
  return schemas
}

/** Conventions and compatibility with every release. */
export function schemaProblems(schemas: ReadonlyMap<string, AvroRecord>): string[] {
  const conventions = [...schemas].flatMap(([path, schema]) =>
    lintProblems(schema, path.split('/')[0] as Parameters<typeof lintProblems>[1]).map(
      (problem) => `schemas/${path}: ${problem}`,
    ),
  )
  return [...conventions, ...problemsWithReleases(schemas)]
}
