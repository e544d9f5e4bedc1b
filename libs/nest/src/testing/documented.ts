import type { NestFastifyApplication } from '@nestjs/platform-fastify';

interface Answered {
  readonly $ref?: string;
  readonly content?: Readonly<
    Record<string, { readonly schema?: { readonly properties?: { readonly code?: { readonly enum: string[] } } } }>
  >;
}
type Responses = Readonly<Record<string, Answered>>;
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: Responses }>>>>;
  readonly components?: { readonly responses?: Responses };
}
interface Path {
  readonly matches: RegExp;
  readonly parameters: number;
  readonly methods: Readonly<Record<string, { readonly responses: Responses }>>;
}

const known = new WeakMap<object, Promise<Documented>>();

/** Documented is what the API document of an application says about its problems, so that every test finds out when it does not tell the truth. */
export class Documented {
  private readonly paths: readonly Path[];

  constructor(private readonly document: Document) {
    this.paths = Object.entries(document.paths)
      .map(([path, methods]) => ({
        matches: new RegExp(`^${path.replace(/\{[A-Za-z]+\}/g, '[^/]+')}$`),
        parameters: path.split('{').length,
        methods,
      }))
      .sort((one, other) => one.parameters - other.parameters);
  }

  /** by reads the document of an application, once. */
  static by(app: NestFastifyApplication): Promise<Documented> {
    let read = known.get(app);
    if (!read) {
      read = Promise.resolve(app.inject({ method: 'GET', url: '/openapi.json' })).then(
        (answer) => new Documented(answer.json<Document>()),
      );
      known.set(app, read);
    }
    return read;
  }

  /** assert throws when an operation answered a problem that the document does not list for it. */
  assert(method: string, url: string, status: number, code: unknown): void {
    const [at = ''] = url.split('?');
    const path = this.paths.find(({ matches }) => matches.test(at));
    if (!path) return;
    // To a method that the path does not have, it answers what each of its operations says about that.
    const operation = path.methods[method.toLowerCase()] ?? Object.values(path.methods)[0];
    const response = operation?.responses[status];
    const named = response?.$ref?.split('/').at(-1);
    const { content } = (named === undefined ? response : this.document.components?.responses?.[named]) ?? {};
    const codes = content?.['application/problem+json']?.schema?.properties?.code?.enum ?? [];
    if (!codes.includes(String(code)))
      throw new Error(
        `${method} ${at} answers ${status} ${String(code)}, which its document does not list: npm run docs`,
      );
  }
}
