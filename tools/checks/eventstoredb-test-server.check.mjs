/** The server that stands in for EventStoreDB in tests has a suite of its own, beside it. */
import '../../infra/engines/eventstoredb-test-server/behaviour.test.mjs';
import '../../infra/engines/eventstoredb-test-server/secured.test.mjs';
