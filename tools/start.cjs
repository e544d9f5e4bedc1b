/** npm start: the whole product in one process, on one file. */
const { ready, become, fail } = require('./ready.cjs');

ready().then(() => become('apps/standalone/dist/main.js', process.argv.slice(2)), fail);
