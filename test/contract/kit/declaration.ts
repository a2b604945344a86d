import { describeError } from '../../../core/index.ts'
import { open } from './harness.ts'
import { must, type Rule, thrownBy } from './rules.ts'

export const DECLARATION_RULES: readonly Rule[] = [
  {
    id: 'D1',
    statement: 'the id is a folder name, a topic segment and a config key',
    async check({ connector }) {
      must(/^[a-z0-9][a-z0-9-]{0,39}$/.test(connector.id), `${connector.id} is not a valid id`)
      const { access } = await import('node:fs/promises')
      await access(new URL(`../../../connectors/${connector.id}/index.ts`, import.meta.url))
    },
  },
  {
    id: 'D2',
    statement: 'unknown and missing settings are refused, all problems at once',
    async check({ connector, config }) {
      const required = Object.keys(config).filter((field) => {
        const { [field]: _left, ...rest } = config
        return !connector.config.parse(rest).ok
      })
      const wrong = connector.config.parse({ no_such_setting: 1 })
      must(!wrong.ok, 'settings that lack everything are accepted')
      const named = new Set(wrong.problems.map(({ field }) => field))
      for (const field of [...required, 'no_such_setting']) must(named.has(field), `no word about ${field}`)
      const described = JSON.stringify(connector.config.describe())
      for (const field of Object.keys(config)) must(described.includes(field), `${field} is not described`)
    },
  },
  {
    id: 'D3',
    statement: 'no secret shows in errors or in what is shown of the settings',
    async check(harness) {
      const { connector, config, wrongConfigs } = harness
      const secrets = connector.config.secretFields
      must(secrets.length > 0, 'no setting is marked as secret')
      for (const each of [config, ...wrongConfigs.map((wrong) => wrong.config)]) {
        const values = secrets.flatMap((field) => (each[field] ? [String(each[field])] : []))
        const shown = JSON.stringify(connector.config.redact(each as never))
        const error = await thrownBy(() => open(harness, each))
        const said = error === null ? '' : `${describeError(error)} ${JSON.stringify(error)} ${(error as Error).stack}`
        for (const value of values) {
          must(!shown.includes(value), 'redacted settings still hold a secret')
          must(!said.includes(value), 'an error names a secret')
        }
      }
    },
  },
  {
    id: 'D4',
    statement: 'the documentation names every setting and every stream',
    async check({ connector, config, readme }) {
      for (const word of [...Object.keys(config), ...Object.keys(connector.streams)])
        must(readme.includes(`\`${word}\``), `README.md says nothing of \`${word}\``)
    },
  },
]
