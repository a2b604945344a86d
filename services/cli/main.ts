import { Command, CommanderError } from 'commander'
import { describeError, scrub } from '../../core/index.ts'
import { addCapabilityCommands } from './capabilities.ts'
import { addCommandCommands } from './command.ts'
import { addConnectionCommands } from './connection.ts'
import { addAddCommand } from './connection-add.ts'
import { addTestCommand } from './connection-test.ts'
import { addDeadLetterCommands } from './dead-letters.ts'
import { UsageError } from './output.ts'
import { addReplayCommand } from './replay.ts'
import { addSecretCommands } from './secrets.ts'
import { addSyncCommands } from './sync.ts'
import { addTopicCommands } from './topics.ts'
import { addWebhookCommands } from './webhooks.ts'

const EXIT_FAILED = 1
const EXIT_USAGE = 2

const program = new Command('tributary')
  .description('Operates a Tributary installation; settings are environment variables (docs/operations.md)')
  .option('--debug', 'shows where an error comes from')
  .showHelpAfterError('(--help shows what is known)')
  .exitOverride()

const connection = addConnectionCommands(program)
addAddCommand(connection)
addTestCommand(connection)
addDeadLetterCommands(program)
addCommandCommands(program)
addCapabilityCommands(program)
addSyncCommands(program)
addWebhookCommands(program)
addReplayCommand(program)
addSecretCommands(program)
addTopicCommands(program)

// `tributary … | head` ends quietly
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : EXIT_FAILED))

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) {
    // commander has said it already; help and version are no errors
    process.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE
  } else {
    const { debug } = program.opts<{ debug?: boolean }>()
    const text = debug === true && error instanceof Error ? (error.stack ?? error.message) : describeError(error)
    process.stderr.write(`${scrub(text)}\n`)
    process.exitCode = error instanceof UsageError ? EXIT_USAGE : EXIT_FAILED
  }
}
