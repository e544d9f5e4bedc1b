export * from './declare';
export * from './kinds';
