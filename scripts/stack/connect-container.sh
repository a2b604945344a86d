#!/bin/bash
# Entry point of the `connect` service in docker-compose.yml: fetches the jars that the local stack uses from Maven
# into a volume (once), then runs the worker. Needs BROKERS, REGISTRY, PORT, CONNECT_HOME, DEBEZIUM_VERSION.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
plugin=org.apache.maven.plugins:maven-dependency-plugin:3.8.1
if [ ! -e "$CONNECT_HOME/complete" ]; then
  quiet=(--batch-mode --quiet --no-transfer-progress)
  mvn "${quiet[@]}" -f "$here/maven/kafka.xml" "$plugin:copy-dependencies" -DincludeScope=runtime \
    "-DoutputDirectory=$CONNECT_HOME/kafka"
  mvn "${quiet[@]}" -f "$here/maven/converter.xml" "$plugin:copy-dependencies" -DincludeScope=runtime \
    "-DoutputDirectory=$CONNECT_HOME/plugins/apicurio-converter"
  (cd / && mvn "${quiet[@]}" "$plugin:unpack" "-DoutputDirectory=$CONNECT_HOME/plugins" \
    "-Dartifact=io.debezium:debezium-connector-jdbc:$DEBEZIUM_VERSION:tar.gz:plugin")
  touch "$CONNECT_HOME/complete"
fi
# hybrid_warn scans the converter, which ships without a manifest: slower to start, no jar to build here.
sed -e "s|\${brokers}|$BROKERS|; s|\${registry}|$REGISTRY|; s|\${group}|tributary-connect|g" \
  -e 's|^plugin.discovery=.*|plugin.discovery=hybrid_warn|' "$here/connect.properties" >"$CONNECT_HOME/worker.properties"
cat >>"$CONNECT_HOME/worker.properties" <<PROPERTIES
listeners=HTTP://0.0.0.0:$PORT
rest.advertised.host.name=${ADVERTISED_HOST:-connect}
plugin.path=$CONNECT_HOME/plugins
PROPERTIES
exec java -Xmx512m -XX:+UseSerialGC -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp "$CONNECT_HOME/kafka/*" \
  org.apache.kafka.connect.cli.ConnectDistributed "$CONNECT_HOME/worker.properties"
