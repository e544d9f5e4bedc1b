export * from './golden-shapes';
export * from './http-client';
export * from './test-context';
export * from './test-identity';
