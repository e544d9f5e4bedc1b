export * from './message-bus';
export * from './namespaced';
