export * from './view-store';
