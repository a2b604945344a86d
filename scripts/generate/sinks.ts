/** `docs/sinks/*.json`: one JDBC sink configuration for each unified topic. */
import { type TopicSchemas, sinkTables } from './sink-tables.ts'

interface Field {
  readonly name: string
  readonly type: unknown
}

const isArray = (type: unknown): boolean =>
  typeof type === 'object' && type !== null && 'type' in type && type.type === 'array'

/** Columns that a JDBC sink cannot hold; line topics hold them as rows. */
export const arrayFields = (fields: readonly Field[]): string[] =>
  fields.filter((field) => isArray(field.type)).map((field) => field.name)

/** Path below the project's root → content. Names: the entity or line topic, without `unified.`. */
export function sinkFiles(topics: TopicSchemas): Map<string, string> {
  const files = new Map([['docs/sinks/tables.sql', sinkTables(topics)]])
  for (const [name, schema] of Object.entries(topics)) {
    files.set(`docs/sinks/${name}.json`, `${JSON.stringify(sinkOf(name, arrayFields(schema.fields)), null, 2)}\n`)
  }
  return files
}

/** What is in `${…}` is for the user to fill in (docs/sinks/README.md). */
function sinkOf(name: string, arrays: readonly string[]): Record<string, string> {
  const dropArrays = {
    'transforms.arrays.type': 'org.apache.kafka.connect.transforms.ReplaceField$Value',
    'transforms.arrays.exclude': arrays.join(','),
  }
  return {
    'connector.class': 'io.debezium.connector.jdbc.JdbcSinkConnector',
    'tasks.max': '1',
    topics: `\${TOPIC_PREFIX}unified.${name}`,
    'collection.name.format': name,
    'connection.url': '${JDBC_URL}',
    'connection.username': '${DATABASE_USER}',
    'connection.password': '${DATABASE_PASSWORD}',
    'insert.mode': 'upsert',
    'delete.enabled': 'true',
    'primary.key.mode': 'record_key',
    'primary.key.fields': 'id',
    'schema.evolution': 'basic',
    'quote.identifiers': 'true',
    'batch.size': '1000',
    'hibernate.c3p0.testConnectionOnCheckout': 'true',
    'hibernate.c3p0.acquireRetryAttempts': '300',
    'consumer.override.isolation.level': 'read_committed',
    'consumer.override.max.poll.records': '1000',
    'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'value.converter': 'io.apicurio.registry.utils.converter.AvroConverter',
    'value.converter.apicurio.registry.url': '${REGISTRY_ROOT}/apis/registry/v2',
    'value.converter.apicurio.registry.as-confluent': 'true',
    'value.converter.apicurio.registry.use-id': 'contentId',
    transforms: arrays.length === 0 ? 'key' : 'key,arrays',
    'transforms.key.type': 'org.apache.kafka.connect.transforms.HoistField$Key',
    'transforms.key.field': 'id',
    ...(arrays.length === 0 ? {} : dropArrays),
  }
}
