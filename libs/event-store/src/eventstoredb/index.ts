export * from './eventstoredb-event-store';
export { checkServer } from './server-check';
