/**
 * What the local stack runs, seen to work together on Java 17. `docker-compose.yml` and `maven/*.xml` name the same
 * versions (a unit test compares them).
 */
export const VERSIONS = {
  /** Broker and Connect. Debezium 3.5.0 bundles the clients of this version. */
  kafka: '4.1.1',
  /** Registry and Avro converter. The newest registry line that runs on Java 17. */
  apicurio: '2.6.13.Final',
  /** JDBC sink. */
  debezium: '3.5.0.Final',
  mavenDependencyPlugin: '3.8.1',
  /** Docker only; a local PostgreSQL may be any from 13 on. */
  postgres: '15',
  /** Docker only: fetches the Connect plugins from Maven, as the local stack does. */
  mavenImage: '3.9-eclipse-temurin-17',
} as const

export const MINIMUM_JAVA = 17
