/** npm run chaos -- --seed N --minutes M: six services on engines, broken at random; the last line says in JSON what came of it. */
const { ready, become, fail } = require('./ready.cjs');

ready().then(() => become('infra/engines/chaos.mjs', process.argv.slice(2)), fail);
