import type { FastifyInstance, FastifyRequest } from 'fastify';

const tables = new WeakMap<object, MethodTable>();

/** MethodTable knows the methods of every path, so that a known path with another method is answered 405 with `Allow`. */
export class MethodTable {
  private readonly paths = new Map<string, { readonly matches: RegExp; readonly methods: Set<string> }>();

  /** on starts to note the routes of a server; before they are registered. */
  static on(server: FastifyInstance): void {
    const table = new MethodTable();
    tables.set(server.server, table);
    server.addHook('onRoute', ({ url, method }) => {
      for (const one of Array.isArray(method) ? method : [method]) table.add(url, one);
    });
  }

  /** allowed lists the methods of the path that was asked for; empty when no route has it. */
  static allowed(request: FastifyRequest): readonly string[] {
    const table = tables.get(request.server.server);
    const [path = ''] = request.url.split('?');
    return [...(table?.paths.values() ?? [])]
      .filter(({ matches }) => matches.test(path))
      .flatMap(({ methods }) => [...methods]);
  }

  private add(url: string, method: string): void {
    if (url.includes('*')) return;
    const known = this.paths.get(url) ?? { matches: patternOf(url), methods: new Set<string>() };
    known.methods.add(method);
    this.paths.set(url, known);
  }
}

function patternOf(url: string): RegExp {
  const escaped = url.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/:[A-Za-z]+/g, '[^/]+');
  return new RegExp(`^${escaped}$`);
}
