export * from './mongodb-view-store';
