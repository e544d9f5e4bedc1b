/** npm run demo, token, parked, rebuild: a program beside a main, or a main with a word. On the pinned Node; only its own output is on stdout. */
const fs = require('fs');
const path = require('path');
const { parseArgs } = require('util');
const { ROOT, ready, become, fail } = require('./ready.cjs');

const [name, ...args] = process.argv.slice(2);

/** mainOf the service that is to be rebuilt, or of the one process. */
function mainOf(rest) {
  const { service = 'standalone' } = parseArgs({ args: rest, options: { service: { type: 'string' } } }).values;
  const main = `apps/${service}/dist/main.js`;
  if (!/^[a-z]+$/.test(service) || !fs.existsSync(path.join(ROOT, main)))
    throw new Error(`There is no service ${service}: npm run rebuild -- [--service NAME]`);
  return main;
}

function program() {
  if (name === 'rebuild') return become(mainOf(args), ['rebuild']);
  const folder = name === 'parked' ? 'libs/service' : 'apps/standalone';
  return become(`${folder}/dist/${name}.js`, args);
}

ready().then(program).catch(fail);
