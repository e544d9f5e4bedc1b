export * from './bytes';
export * from './connection';
export * from './databases';
export * from './errors';
export * from './retry';
export * from './schema';
