export * from './alarm';
export * from './connection';
export * from './database';
export * from './errors';
export * from './only-process';
