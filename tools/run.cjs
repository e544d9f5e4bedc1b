/** npm run demo, token, parked, rebuild: a program beside a main, or a main with a word. On the pinned Node; only its own output is on stdout. */
const fs = require('fs');
const path = require('path');
const { ROOT, NotReady, ready, become, fail } = require('./ready.cjs');

const [name, ...args] = process.argv.slice(2);

/** mainOf the service that is to be rebuilt, or of the one process. */
function mainOf(rest) {
  const [option, service] = rest.length === 0 ? ['--service', 'standalone'] : rest;
  const main = `apps/${service}/dist/main.js`;
  const said = rest.length <= 2 && option === '--service' && /^[a-z]+$/.test(service);
  if (!said || service === undefined || !fs.existsSync(path.join(ROOT, main)))
    throw new NotReady('npm run rebuild -- [--service NAME], with the name of a service');
  return main;
}

function program() {
  if (name === 'rebuild') return become(mainOf(args), ['rebuild']);
  const folder = name === 'parked' ? 'libs/service' : 'apps/standalone';
  return become(`${folder}/dist/${name}.js`, args);
}

ready().then(program).catch(fail);
