export * from './mongodb-document-store';
