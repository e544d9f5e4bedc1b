/** The one step before the services start: topics, users and rights in the engines of docker-compose.yml. It can be repeated. */
import { prepareEventStoreDb } from './eventstoredb.mjs';
import { prepareKafka } from './kafka.mjs';
import { prepareMongoDb } from './mongodb.mjs';
import { sentenceOf } from './refused.mjs';
import { fileOf, setting } from './settings.mjs';

const authority = () => fileOf('CA_FILE');

const steps = {
  EventStoreDB: () => {
    const { file: caFile, content: ca } = authority();
    return prepareEventStoreDb({
      ...{ host: setting('EVENTSTOREDB_HOST'), ca, caFile },
      ...{ admin: setting('EVENTSTOREDB_ADMIN_PASSWORD'), servicesPassword: setting('EVENTSTOREDB_SERVICES_PASSWORD') },
    });
  },
  Kafka: () =>
    prepareKafka({
      brokers: setting('KAFKA_BROKERS').split(','),
      ssl: { ca: [authority().content] },
      admin: { name: 'admin', password: setting('KAFKA_ADMIN_PASSWORD') },
    }),
  MongoDB: () =>
    prepareMongoDb({
      host: setting('MONGODB_HOST'),
      root: { name: 'root', password: setting('MONGODB_ROOT_PASSWORD') },
      options: `&tls=true&tlsCAFile=${encodeURIComponent(authority().file)}`,
      passwordOf: (context) => setting(`MONGODB_${context.toUpperCase()}_PASSWORD`),
    }),
};

await Promise.all(
  Object.entries(steps).map(async ([name, step]) => {
    try {
      await step();
      process.stdout.write(`${name} is prepared.\n`);
    } catch (error) {
      process.stderr.write(`${sentenceOf(name, error)}\n`);
      process.exitCode = 1;
    }
  }),
);
