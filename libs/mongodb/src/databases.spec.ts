import { databasesOf, DESTROYS_SECRETS, mongoRolesFor } from './databases';

const SERVICES = ['intake', 'scheduling', 'reporting', 'billing', 'notification', 'records'];
const actionsOn = (service: string, db: string, collection = '') =>
  mongoRolesFor(service)
    .flatMap(({ privileges }) => privileges)
    .filter(({ resource }) => resource.db === db && resource.collection === collection)
    .flatMap(({ actions }) => actions)
    .sort();

describe('mongoRolesFor', () => {
  const databases = databasesOf();

  it.each(SERVICES)('lets %s write its own views and documents, and those of nobody else', (service) => {
    expect(actionsOn(service, databases.service(service))).toEqual(
      expect.arrayContaining(['find', 'insert', 'update']),
    );
    for (const other of SERVICES.filter((one) => one !== service))
      expect(actionsOn(service, databases.service(other))).toEqual([]);
  });

  it.each(SERVICES)('lets %s insert access records, and only records read them', (service) => {
    const expected = service === 'records' ? ['find', 'insert'] : ['insert'];
    expect(actionsOn(service, databases.accessLog, 'access_log')).toEqual(expected);
    expect(actionsOn(service, databases.accessLog)).toEqual([]);
    expect(actionsOn(service, databases.accessLog, 'schema')).toEqual(['find']);
  });

  it.each(SERVICES)('lets %s put keys only if it seals, and remove nothing but what led to a person', (service) => {
    const on = (collection: string) => actionsOn(service, databases.keys, collection);
    const makes = service === 'scheduling' ? [] : ['insert', 'update'];
    expect(on('persons')).toEqual(['createIndex', 'find', ...makes]);
    const removes = ['intake', 'records'].includes(service) ? ['remove'] : [];
    expect(on('links')).toEqual(['createIndex', 'find', 'insert', ...removes, 'update']);
    expect(on('secrets')).toEqual(['find', 'insert', ...(service === DESTROYS_SECRETS ? ['update'] : [])]);
    for (const once of ['deployment', 'schema']) expect(on(once)).toEqual(['find', 'insert']);
    expect(on('')).toEqual(['listCollections', 'listIndexes']);
  });

  it('names the databases of a deployment by its prefix, and refuses one that MongoDB would not take', () => {
    expect(databasesOf('demo')).toMatchObject({ keys: 'demo_keys', accessLog: 'demo_access_log' });
    expect(databasesOf('demo').service('intake')).toBe('demo_intake');
    for (const prefix of ['', '1a', 'a.b', 'a b', '$a', 'a'.repeat(40)])
      expect(() => databasesOf(prefix)).toThrow(TypeError);
  });
});
