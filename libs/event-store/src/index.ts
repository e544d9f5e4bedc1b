export * from './append-rules';
export * from './namespaced';
export * from './event-store';
