import { randomBytes } from 'node:crypto';
import { mongoRolesFor, type MongoDatabases } from '../databases';
import { asAdmin, engineUrlFor } from './engine';

/** ServiceUser is a user of the server with exactly the rights of one service. */
export interface ServiceUser {
  readonly name: string;
  readonly url: string;
  /** remove the user and his roles. */
  remove(): Promise<void>;
}

/** serviceUser makes one for these databases. */
export async function serviceUser(service: string, databases: MongoDatabases): Promise<ServiceUser> {
  const name = `${databases.keys}_${service}`;
  const password = randomBytes(12).toString('hex');
  const roles = mongoRolesFor(service, databases).map((role) => ({ ...role, role: `${role.role}_${service}` }));
  await asAdmin(async (client) => {
    for (const { db, role, privileges } of roles)
      await client.db(db).command({ createRole: role, privileges, roles: [] });
    const granted = roles.map(({ role, db }) => ({ role, db }));
    await client.db('admin').command({ createUser: name, pwd: password, roles: granted });
  });
  return {
    name,
    url: engineUrlFor(name, password),
    remove: () =>
      asAdmin(async (client) => {
        await client.db('admin').command({ dropUser: name });
        for (const { db, role } of roles) await client.db(db).command({ dropRole: role });
      }),
  };
}
