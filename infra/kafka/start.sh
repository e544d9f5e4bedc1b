#!/bin/bash
# Starts the broker of docker-compose.yml. The first time it formats its storage, with a SCRAM user for each line of /run/secrets/kafka-users;
# later changes of passwords: infra/README.md. Only the SERVICES listener is reachable from outside of the container.
set -euo pipefail
bin=${KAFKA_BIN:-/opt/kafka/bin}
properties=${KAFKA_PROPERTIES:-/etc/second-opinion/server.properties}
users=${KAFKA_USERS:-/run/secrets/kafka-users}

scram=()
while read -r name password; do
  scram+=(--add-scram "SCRAM-SHA-512=[name=$name,password=$password]")
done <"$users"
# What it prints holds the verifiers of the passwords.
"$bin/kafka-storage.sh" format --ignore-formatted --standalone \
  -t "$(cat "${KAFKA_CLUSTER_ID_FILE:-/run/secrets/kafka-cluster-id}")" -c "$properties" "${scram[@]}" >/dev/null
# To standard output only, and no log of the garbage collector: files in the container are deleted by nobody.
export EXTRA_ARGS='-name kafkaServer'
export KAFKA_LOG4J_OPTS="-Dlog4j2.configurationFile=${KAFKA_LOG:-/etc/second-opinion/log4j2.properties}"
exec "$bin/kafka-server-start.sh" "$properties"
