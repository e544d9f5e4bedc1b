export * from './connection';
export * from './databases';
export * from './errors';
export * from './retry';
export * from './schema';
