export * from './cursor';
export * from './view-store';
