#!/usr/bin/env node
'use strict';
/**
 * node main.cjs --data FOLDER [--port P] [--host H] [--with-parent] [--with-elections] [--certificate FILE --key FILE] [--newer] [--max-append-size BYTES]: serves until SIGTERM or SIGINT, with
 * --with-parent also until its standard input ends, which it does when whoever started it dies. It says `ready <url>` once it serves. With a
 * certificate it speaks TLS and has users; EVENTSTORE_DEFAULT_ADMIN_PASSWORD and EVENTSTORE_DEFAULT_OPS_PASSWORD are the first passwords. With --newer it behaves as servers from 25.0 on.
 */
const fs = require('node:fs');
const { parseArgs } = require('node:util');
const { serve } = require('./server.cjs');

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
    data: { type: 'string' },
    'with-parent': { type: 'boolean', default: false },
    'with-elections': { type: 'boolean', default: false },
    certificate: { type: 'string' },
    key: { type: 'string' },
    newer: { type: 'boolean', default: false },
    'max-append-size': { type: 'string' },
  },
});
if (!values.data) {
  console.error(
    'Usage: node main.cjs --data FOLDER [--port P] [--host H] [--with-parent] [--with-elections] [--certificate FILE --key FILE]',
  );
  process.exit(2);
}

const secured = values.certificate && {
  certificate: fs.readFileSync(values.certificate),
  key: fs.readFileSync(values.key),
  passwords: {
    admin: process.env.EVENTSTORE_DEFAULT_ADMIN_PASSWORD ?? 'changeit',
    ops: process.env.EVENTSTORE_DEFAULT_OPS_PASSWORD ?? 'changeit',
  },
};

const limit = values['max-append-size'];
const how = { withElections: values['with-elections'], secured, newer: values.newer };
serve({
  port: Number(values.port),
  host: values.host,
  folder: values.data,
  ...how,
  ...(limit ? { maxAppendSize: Number(limit) } : {}),
}).then(
  (server) => {
    let stopping;
    const stop = () => (stopping ??= server.stop().then(() => process.exit(0)));
    for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, stop);
    if (values['with-parent']) process.stdin.resume().on('close', stop);
    console.log(`ready esdb://${secured ? 'localhost' : '127.0.0.1'}:${server.port}?tls=${Boolean(secured)}`);
  },
  (error) => {
    console.error(`The EventStoreDB test server cannot start: ${error.message}`);
    process.exit(1);
  },
);
