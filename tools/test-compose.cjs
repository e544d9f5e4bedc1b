/** npm run test:compose: docker-compose.yml as a whole. The last line is the sum, also when it gets no further than here. */
const { ready, become, fail } = require('./ready.cjs');

ready().then(
  () => become('infra/compose/test.mjs', process.argv.slice(2)),
  (error) => {
    fail(error);
    process.stdout.write('0 passed, 1 failed\n');
  },
);
