#!/usr/bin/env node
'use strict';
/**
 * node main.cjs --data FOLDER [--port P] [--with-parent] [--with-elections]: serves until SIGTERM or SIGINT, with --with-parent also until its standard
 * input ends, which it does when whoever started it dies. It says `ready <url>` once it serves.
 */
const { parseArgs } = require('node:util');
const { serve } = require('./server.cjs');

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    data: { type: 'string' },
    'with-parent': { type: 'boolean', default: false },
    'with-elections': { type: 'boolean', default: false },
  },
});
if (!values.data) {
  console.error('Usage: node main.cjs --data FOLDER [--port P] [--with-parent] [--with-elections]');
  process.exit(2);
}

serve({ port: Number(values.port), folder: values.data, withElections: values['with-elections'] }).then(
  (server) => {
    let stopping;
    const stop = () => (stopping ??= server.stop().then(() => process.exit(0)));
    for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, stop);
    if (values['with-parent']) process.stdin.resume().on('close', stop);
    console.log(`ready esdb://127.0.0.1:${server.port}?tls=false`);
  },
  (error) => {
    console.error(`The EventStoreDB test server cannot start: ${error.message}`);
    process.exit(1);
  },
);
