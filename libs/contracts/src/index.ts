export * from './billing';
export * from './codes';
export * from './fields';
export * from './intake';
export * from './notification';
export * from './records';
export * from './reporting';
export * from './scheduling';
