/** npm run engines, chaos and test:…: a program of infra, on the pinned Node. The last line of a test is its sum, also when it gets no further than here. */
const { ready, become, fail } = require('./ready.cjs');

const [program, ...args] = process.argv.slice(2);

ready().then(
  () => become(`infra/${program}.mjs`, args),
  (error) => {
    fail(error);
    if (program.endsWith('test')) process.stdout.write('0 passed, 1 failed\n');
  },
);
