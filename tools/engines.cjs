/** npm run engines: real engines as plain processes, until Ctrl-C. */
const { ready, become, fail } = require('./ready.cjs');

ready().then(() => become('infra/engines/main.mjs', process.argv.slice(2)), fail);
