/** npm run demo, npm run token, npm run parked: a program beside a main, on the pinned Node. Only its own output is on stdout. */
const { ready, become, fail } = require('./ready.cjs');

const [name, ...args] = process.argv.slice(2);
const folder = name === 'parked' ? 'libs/service' : 'apps/standalone';
ready().then(() => become(`${folder}/dist/${name}.js`, args), fail);
