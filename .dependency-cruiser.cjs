/**
 * Who may import whom (docs/architecture.md, "The house"):
 *   services/x → connectors/index.ts → connectors/<system> → core/index.ts → schemas
 * `scripts/check.ts` runs this and asserts that modules were seen; test/unit/house/imports.test.ts plants violations.
 */
const node = '^node:'
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: node } },
    { name: 'nothing-imports-test', severity: 'error', from: { pathNot: '^test/' }, to: { path: '^test/' } },
    { name: 'schemas-import-nothing', severity: 'error', from: { path: '^schemas/' }, to: { pathNot: '^schemas/' } },
    {
      name: 'core-knows-no-system',
      severity: 'error',
      from: { path: '^core/' },
      to: { path: '^(connectors|services|scripts|bench)/' },
    },
    {
      name: 'core-has-one-door',
      severity: 'error',
      from: { path: '^(connectors|services)/' },
      to: { path: '^core/', pathNot: '^core/index\\.ts$' },
    },
    {
      name: 'connectors-are-islands',
      severity: 'error',
      from: { path: '^connectors/([^/]+)/' },
      to: { path: '^connectors/', pathNot: '^connectors/$1/' },
    },
    {
      name: 'connectors-import-core-and-schemas-only',
      severity: 'error',
      from: { path: '^connectors/' },
      to: { path: '^(services|scripts|bench)/' },
    },
    {
      name: 'sandbox-shares-nothing-with-its-connector',
      severity: 'error',
      from: { path: '^connectors/([^/]+)/sandbox/' },
      to: { path: '^(connectors/|core/)', pathNot: '^connectors/$1/sandbox/' },
    },
    {
      name: 'connectors-have-one-door',
      severity: 'error',
      from: { path: '^services/' },
      to: { path: '^connectors/', pathNot: '^connectors/index\\.ts$' },
    },
    {
      name: 'services-do-not-import-each-other',
      severity: 'error',
      from: { path: '^services/([^/]+)/' },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'services-import-no-scripts',
      severity: 'error',
      from: { path: '^services/' },
      to: { path: '^(scripts|bench)/' },
    },
    {
      name: 'only-core-kafka-imports-kafkajs',
      severity: 'error',
      from: { path: '^(core|connectors|services|schemas)/', pathNot: '^core/kafka/' },
      to: { path: 'node_modules/(kafkajs|@node-rs/crc32)/' },
    },
    {
      name: 'only-core-avro-imports-avro',
      severity: 'error',
      from: { path: '^(core|connectors|services|schemas)/', pathNot: '^core/avro/' },
      to: { path: 'node_modules/(avsc|@kafkajs/confluent-schema-registry)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
