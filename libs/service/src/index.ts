export { DEV_ISSUER, type Login } from './dev-issuer';
export { FILES } from './claims';
export { openPorts, type Ports } from './ports';
export * from './server';
export * from './settings';
export * from './settings-error';
