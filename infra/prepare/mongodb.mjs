/** Prepares MongoDB: the replica set, the access log that nobody may change, and a user for each service with what it needs. */
import { prepareAccessLog } from '@second-opinion/access-log/mongodb';
import { databasesOf, mongoRolesFor, MongoConnection } from '@second-opinion/mongodb';
import { MongoClient } from 'mongodb';
import { CONTEXTS } from '../rights.mjs';
import { up } from './refused.mjs';

const ALREADY_INITIATED = 23;

/**
 * prepareMongoDb can be repeated: it changes roles and passwords to what they should be. `root` is who may do that; `host` is the name
 * under which the member of the replica set is reached; `passwordOf` gives that of a service's user.
 */
export async function prepareMongoDb({ host, root, options = '', passwordOf }) {
  const login = `${encodeURIComponent(root.name)}:${encodeURIComponent(root.password)}`;
  const direct = `mongodb://${login}@${host}/?directConnection=true&authSource=admin${options}`;
  await up('MongoDB', 'the replica set of MongoDB', () => initiate(direct, host));
  const connection = await MongoConnection.open(
    `mongodb://${login}@${host}/?replicaSet=rs0&authSource=admin${options}`,
    { application: 'prepare' },
  );
  try {
    const databases = databasesOf();
    await prepareAccessLog(connection, databases.accessLog);
    for (const context of CONTEXTS) {
      const roles = mongoRolesFor(context, databases).map((role) => ({ ...role, role: `${role.role}_${context}` }));
      for (const role of roles) await putRole(connection, role);
      await putUser(connection, context, passwordOf(context), roles);
    }
  } finally {
    await connection.close();
  }
}

async function initiate(direct, host) {
  const client = new MongoClient(direct, { serverSelectionTimeoutMS: 2_000 });
  try {
    const admin = client.db('admin');
    const { setName } = await admin.command({ hello: 1 });
    if (setName !== undefined) return;
    await admin.command({ replSetInitiate: { _id: 'rs0', members: [{ _id: 0, host }] } }).catch((error) => {
      if (error.code !== ALREADY_INITIATED) throw error;
    });
  } finally {
    await client.close();
  }
}

async function putRole(connection, { db, role, privileges }) {
  const database = connection.database(db);
  const { roles } = await database.command({ rolesInfo: role });
  const verb = roles.length > 0 ? 'updateRole' : 'createRole';
  await database.command({ [verb]: role, privileges, roles: [] });
}

async function putUser(connection, name, pwd, roles) {
  const admin = connection.database('admin');
  const { users } = await admin.command({ usersInfo: name });
  const verb = users.length > 0 ? 'updateUser' : 'createUser';
  await admin.command({ [verb]: name, pwd, roles: roles.map(({ role, db }) => ({ role, db })) });
}
