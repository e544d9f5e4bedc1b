import adapterSubpath from './adapter-subpath.mjs';
import oneDoor from './one-door.mjs';
import pure from './pure.mjs';

export default { rules: { pure, 'one-door': oneDoor, 'adapter-subpath': adapterSubpath } };
