#!/bin/bash
# As the image's own: the server runs as `mongodb`, and the first time the user is made before anybody else can come in.
set -euo pipefail
if [ "$(id -u)" = 0 ]; then
  chown -R mongodb:mongodb /data/db
  exec setpriv --reuid=mongodb --regid=mongodb --init-groups "$0" "$@"
fi
if [ ! -e /data/db/WiredTiger ]; then
  mongod --dbpath /data/db --bind_ip 127.0.0.1 &
  mongosh --quiet --host 127.0.0.1 --eval 'the first user'
  kill "$!" && wait "$!"
fi
exec "$@" --auth
