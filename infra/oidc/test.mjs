/** npm run test:oidc: the product with a real Keycloak and the demo realm. It never skips; the last line is the sum. */
import path from 'node:path';
import { checked, lastLine } from '../checked.mjs';

lastLine(await checked(path.join(import.meta.dirname, 'oidc.check.mjs')));
