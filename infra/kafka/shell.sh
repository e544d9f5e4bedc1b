#!/bin/bash
# A shell with Kafka's own tools and the rights of the administrator: pass --command-config "$ADMIN" to them.
set -euo pipefail
export ADMIN=/tmp/admin.properties PATH="/opt/kafka/bin:$PATH"
umask 077
cat >"$ADMIN" <<PROPERTIES
security.protocol=SASL_SSL
sasl.mechanism=SCRAM-SHA-512
sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="admin" password="$(cat /run/secrets/kafka-admin-password)";
ssl.truststore.type=PEM
ssl.truststore.location=/run/secrets/ca.crt
PROPERTIES
exec /bin/bash "$@"
