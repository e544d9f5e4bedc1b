export * from './sqlite-access-log';
