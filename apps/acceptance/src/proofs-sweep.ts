import type { Reply, User } from '@second-opinion/standalone/play';

/** Ids to put into paths, by the name of the parameter. */
export type Ids = Readonly<Record<string, readonly string[]>>;

/** Answered is what one address answered. */
export interface Answered {
  readonly path: string;
  readonly reply: Reply;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
}
type Paths = Readonly<Record<string, Readonly<Record<string, { readonly parameters?: readonly Parameter[] }>>>>;

const AT_ONCE = 16;
const NOT_OURS = /^\/(demo|development-issuer|health)\//;

/** everyGet lists every address that can be read, from the API document, with these ids in the places of its parameters. */
export async function everyGet(user: User, ids: Ids): Promise<readonly string[]> {
  const { paths } = (await user.read('/openapi.json')) as { paths: Paths };
  return Object.entries(paths)
    .filter(([path, operations]) => operations['get'] !== undefined && !NOT_OURS.test(path))
    .flatMap(([path]) => filledIn(path, ids));
}

/** sweep asks all these addresses, whatever they answer. */
export async function sweep(user: User, paths: readonly string[]): Promise<readonly Answered[]> {
  const answers: Answered[] = [];
  for (let from = 0; from < paths.length; from += AT_ONCE) {
    const some = paths.slice(from, from + AT_ONCE).map(async (path) => ({ path, reply: await user.get(path) }));
    answers.push(...(await Promise.all(some)));
  }
  return answers;
}

/** found gives the ids under this name in an answer, wherever they stand. */
export function found(body: unknown, name: string): readonly string[] {
  if (Array.isArray(body)) return body.flatMap((one) => found(one, name));
  if (typeof body !== 'object' || body === null) return [];
  return Object.entries(body).flatMap(([key, value]) =>
    key === name && typeof value === 'string' ? [value] : found(value, name),
  );
}

function filledIn(path: string, ids: Ids): readonly string[] {
  const name = /\{(\w+)\}/.exec(path)?.[1];
  if (name === undefined) return [path];
  return (ids[name] ?? ['unknown']).flatMap((id) => filledIn(path.replace(`{${name}}`, encodeURIComponent(id)), ids));
}
