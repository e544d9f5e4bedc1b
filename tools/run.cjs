/** npm run demo, npm run token: a program of apps/standalone beside its main, on the pinned Node. Only its own output is on stdout. */
const { ready, become, fail } = require('./ready.cjs');

const [name, ...args] = process.argv.slice(2);
ready().then(() => become(`apps/standalone/dist/${name}.js`, args), fail);
