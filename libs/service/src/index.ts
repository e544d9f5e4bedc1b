export { DEV_ISSUER, type Login } from './dev-issuer';
export { openPorts, type Ports } from './ports';
export * from './server';
export * from './settings';
