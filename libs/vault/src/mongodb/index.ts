export * from './mongodb-key-store';
