export { DEV_ISSUER, type Login } from './dev-issuer';
export * from './run';
export * from './server';
export * from './settings';
