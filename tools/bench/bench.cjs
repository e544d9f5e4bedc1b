/** npm run bench: makes the checkout ready, then measures the whole product as a process of its own. */
const { ready, become, fail } = require('../ready.cjs');

ready().then(() => become('tools/bench/run.mjs', process.argv.slice(2)), fail);
