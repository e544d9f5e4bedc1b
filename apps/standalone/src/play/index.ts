export * from './case-play';
export * from './client';
export * from './world';
export * from './mailbox';
