/** npm run test:engines: everything that needs engines, with engines. The last line is the sum, also when it gets no further than here. */
const { ready, become, fail } = require('./ready.cjs');

ready().then(
  () => become('infra/engines/test.mjs', process.argv.slice(2)),
  (error) => {
    fail(error);
    process.stdout.write('0 passed, 1 failed\n');
  },
);
