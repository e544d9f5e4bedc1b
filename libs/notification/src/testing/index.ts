export * from './pure-world';
export * from './mail-server';
