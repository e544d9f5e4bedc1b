import type { User } from '@second-opinion/standalone/play';
import { TASKED, tasksIn, type Task } from './wander';
import type { NoticingWorld } from './wander-world';

/** OpenTasks of everybody, with whose they are. */
export type OpenTasks = readonly (Task & { readonly whose: string })[];

const OTHERS = ['own-doctor', 'other-own-doctor', 'second-doctor', 'third-doctor', 'back-office'] as const;

/** openTasks asks everybody for his tasks. */
export async function openTasks(world: NoticingWorld, employees: readonly User[]): Promise<OpenTasks> {
  const open: (Task & { readonly whose: string })[] = [];
  const everybody = new Map(employees.map((user) => [user.login.subject, user]));
  for (const user of [...everybody.values(), ...OTHERS.map((name) => world.user(name))])
    for (const context of TASKED) {
      if (context === 'notification' && user.login.role !== 'back-office') continue;
      const whose = user.login.subject;
      open.push(...(await tasksIn(user, context)).map((task) => ({ ...task, whose })));
    }
  return open;
}
