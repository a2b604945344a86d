import {
  COMMAND_RESULTS,
  type Codec,
  type CommandResult,
  type KafkaClient,
  partitionCount,
  partitionFor,
  readTopic,
} from '../../core/index.ts'

/** Results of one command or of all, the one with the highest sequence of each; those that cannot be read are left out. */
export async function readResults(
  kafka: KafkaClient,
  codec: Codec,
  commandId?: string,
): Promise<ReadonlyMap<string, CommandResult>> {
  const results = new Map<string, CommandResult>()
  const partitions =
    commandId === undefined
      ? {}
      : { partitions: [partitionFor(commandId, await partitionCount(kafka, COMMAND_RESULTS))] }
  await readTopic(kafka, COMMAND_RESULTS, {
    ...partitions,
    onRecord({ key, value }) {
      const id = key?.toString() ?? ''
      if (value === null || (commandId !== undefined && id !== commandId)) return
      const result = codec.commandResult.decode(value)
      if (result.sequence >= (results.get(id)?.sequence ?? 0)) results.set(id, result)
    },
  })
  return results
}

/** What a person reads of a result: outcome, record, and each thing that is wrong in a line of its own. */
export function describeResult(result: CommandResult): string {
  const { command_id, outcome, is_final, is_replay, target_id, version, attempts } = result
  const more = [
    is_final ? null : 'not final',
    is_replay ? 'found already applied' : null,
    attempts > 1 ? `${attempts} attempts` : null,
  ].filter((part) => part !== null)
  const head = `${command_id}: ${outcome}${more.length === 0 ? '' : ` (${more.join(', ')})`}`
  const record = target_id === null ? [] : [`  ${target_id}${version === null ? '' : ` at ${version}`}`]
  const lines = result.lines.map(({ line_ref, line_id }) => `  ${line_ref ?? 'line'} → ${line_id ?? '-'}`)
  const issues = [...result.errors, ...result.warnings].map(({ field, code, message, vendor_code }) => {
    const vendor = vendor_code === null ? '' : ` [${vendor_code}]`
    return `  ${code}${field === null ? '' : ` ${field}`}: ${message}${vendor}`
  })
  return [head, ...record, ...lines, ...issues].join('\n')
}
