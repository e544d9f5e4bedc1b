export * from './mongodb-access-log';
export * from './prepare';
