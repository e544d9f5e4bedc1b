export * from './sqlite-view-store';
