export * from './append-rules';
export * from './event-store';
