/** Prepares Kafka: the topics, which keep everything, and what each service's user may do with them. */
import { createRequire } from 'node:module';
import { declareTopics } from '@second-opinion/message-bus/kafka';
import kafkajs from 'kafkajs';
import { CONTEXTS } from '../rights.mjs';
import { up } from './refused.mjs';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, Kafka, logLevel, ResourcePatternTypes } = kafkajs;

const require = createRequire(import.meta.url);
const { contextsHere, topicsHeardBy, topicsToldBy } = require('@second-opinion/nest');
for (const context of CONTEXTS) require(`@second-opinion/${context}`);

/** CLAIMS is where services say which engines they have, and which files besides. */
export const { FILES: CLAIMS } = require('@second-opinion/service');

/** TOPICS are all that any context tells, the private ones of its own policies among them, as its module declares them. */
export const TOPICS = [...contextsHere().flatMap(topicsToldBy), CLAIMS];

/** prepareKafka can be repeated. `admin` is who may make topics and rights. */
export async function prepareKafka({ brokers, ssl, admin, partitions }) {
  const settings = { brokers, clientId: 'prepare', ssl, username: admin.name, password: admin.password };
  await up('Kafka', 'the topics of Kafka', () =>
    declareTopics(settings, TOPICS, { ...(partitions ? { partitions } : {}) }),
  );
  const sasl = { mechanism: 'scram-sha-512', username: admin.name, password: admin.password };
  const kafka = new Kafka({ brokers, clientId: 'prepare', ssl, sasl, logLevel: logLevel.NOTHING }).admin();
  await kafka.connect();
  try {
    const wanted = CONTEXTS.flatMap(rightsOf);
    await kafka.createAcls({ acl: wanted });
    await removeOthers(kafka, wanted);
  } finally {
    await kafka.disconnect();
  }
}

/** rightsOf a service: it writes what it tells, reads what it hears (its own policies hear it), and its groups bear its name. */
export function rightsOf(context) {
  const { READ, WRITE, DESCRIBE } = AclOperationTypes;
  const { TOPIC, GROUP, CLUSTER } = AclResourceTypes;
  const to = (resourceType, resourceName, operation, resourcePatternType = ResourcePatternTypes.LITERAL) => ({
    ...{ resourceType, resourceName, resourcePatternType, operation },
    ...{ principal: `User:${context}`, host: '*', permissionType: AclPermissionTypes.ALLOW },
  });
  const parts = contextsHere().find(({ name }) => name === context);
  const told = [...topicsToldBy(parts), CLAIMS];
  const heard = [CLAIMS, ...topicsHeardBy(parts), ...told.filter((topic) => topic.startsWith(`${context}.own.`))];
  return [
    ...told.map((topic) => to(TOPIC, topic, WRITE)),
    ...heard.map((topic) => to(TOPIC, topic, READ)),
    ...[...new Set([...told, ...heard])].map((topic) => to(TOPIC, topic, DESCRIBE)),
    to(GROUP, `${context}.`, READ, ResourcePatternTypes.PREFIXED),
    to(GROUP, `${context}.`, DESCRIBE, ResourcePatternTypes.PREFIXED),
    to(CLUSTER, 'kafka-cluster', DESCRIBE),
  ];
}

/** removeOthers takes back what a service was allowed once and is not any more. */
async function removeOthers(kafka, wanted) {
  const nameOf = (right) =>
    [right.principal, right.resourceType, right.resourceName, right.resourcePatternType, right.operation].join(' ');
  const keep = new Set(wanted.map(nameOf));
  for (const context of CONTEXTS) {
    const principal = `User:${context}`;
    const { resources } = await kafka.describeAcls({
      ...{ resourceType: AclResourceTypes.ANY, resourcePatternType: ResourcePatternTypes.ANY, principal },
      ...{ operation: AclOperationTypes.ANY, permissionType: AclPermissionTypes.ANY },
    });
    const there = resources.flatMap(({ acls, ...resource }) => acls.map((one) => ({ ...resource, ...one })));
    const filters = there.filter((one) => !keep.has(nameOf(one)));
    if (filters.length > 0) await kafka.deleteAcls({ filters });
  }
}
