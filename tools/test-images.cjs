/** npm run test:images: the images with a real Docker engine. The last line is the sum, also when it gets no further than here. */
const { ready, become, fail } = require('./ready.cjs');

ready().then(
  () => become('infra/images/test.mjs', process.argv.slice(2)),
  (error) => {
    fail(error);
    process.stdout.write('0 passed, 1 failed\n');
  },
);
