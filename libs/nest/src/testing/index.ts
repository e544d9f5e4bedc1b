export * from './any-order';
export * from './documented';
export * from './golden-shapes';
export * from './holding-bus';
export * from './http-client';
export * from './test-context';
export * from './test-identity';
