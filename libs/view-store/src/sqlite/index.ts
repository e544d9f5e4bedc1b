export * from './gathering-view-store';
export { SqliteViewStore, type SqliteViewStoreOptions } from './sqlite-view-store';
