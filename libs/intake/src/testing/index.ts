export * from './case.fixtures';
