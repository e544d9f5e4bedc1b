#!/bin/bash
# The jars hold no scripts: those that docker-compose.yml uses are written here.
exec java ${KAFKA_HEAP_OPTS:--Xmx256m} ${KAFKA_LOG4J_OPTS:-} -cp '/opt/kafka/libs/*' "$@"
