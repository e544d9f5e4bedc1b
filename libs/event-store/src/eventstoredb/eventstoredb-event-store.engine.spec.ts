import { eventStoreContract } from '../event-store.contract';
import { EventStoreDbEventStore } from './eventstoredb-event-store';

const url = process.env.EVENTSTOREDB_URL ?? '';

eventStoreContract('EventStoreDbEventStore', async () => {
  let store = await EventStoreDbEventStore.connect(url, { waitMs: 10_000 });
  return {
    store,
    restart: async () => {
      await store.close();
      store = await EventStoreDbEventStore.connect(url, { waitMs: 10_000 });
      return store;
    },
    close: () => store.close(),
  };
});
