import {
  createParamDecorator,
  Injectable,
  Optional,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { mayEnter, operationRule, type OperationRule } from '@second-opinion/access';
import { ACTOR_ROLES, Forbidden, Invalid, type Actor, type ActorRole } from '@second-opinion/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Follower } from './follower';
import { Identities, KeyedHashes, TokenVerifier, type VerifiedToken } from './ports';
import { CONTEXT, operationOfRoute, ROUTE, type RouteInfo } from './route-info';
import { traceIdOf } from './traces';

/** Asking is who asks: his token as checked, the actor of ours that he is, and the id of the request. */
export interface Asking {
  readonly token: VerifiedToken;
  readonly actor: Actor;
  readonly requestId: string;
  readonly traceparent?: string;
}

const PUBLIC = 'second-opinion:public';
const asked = new WeakMap<object, Asking>();
const cases = new WeakMap<object, string>();

/** Public marks a route that needs no token (health, the API document). */
export const Public = Reflector.createDecorator<true>({ key: PUBLIC });

/** askingOf gives who asks; only behind the guard. */
export function askingOf(request: FastifyRequest): Asking {
  const asking = asked.get(request);
  if (!asking) throw new UnauthorizedException();
  return asking;
}

/** noteCase tells whoever writes the line of a request which case it turned out to be about, also the one that it creates. */
export function noteCase(request: FastifyRequest, caseId: string): void {
  cases.set(request, caseId);
}

/** notedCase of a request. */
export function notedCase(request: FastifyRequest): string | undefined {
  return cases.get(request);
}

/** bearerOf reads the token of a request (RFC 6750); undefined for a header that says more, or something else. */
export function bearerOf({ headers }: FastifyRequest): string | undefined {
  return /^bearer ([\w.~+/-]+=*)$/i.exec(headers.authorization ?? '')?.[1];
}

/** requestOf a context: its first argument. Nest's `switchToHttp` makes three functions for each call to say the same. */
export function requestOf(context: ExecutionContext): FastifyRequest {
  return context.getArgByIndex<FastifyRequest>(0);
}

/** Asking hands who asks to a controller method. */
export const Asking = createParamDecorator((_: unknown, context: ExecutionContext) => askingOf(requestOf(context)));

/** Door is what the guard knows of one route. */
interface Door {
  readonly isPublic: boolean;
  readonly rule: OperationRule | undefined;
  /** opensTo: the roles in which somebody may enter. */
  readonly opensTo: ReadonlySet<ActorRole>;
  /** isAsked: who is denied by his role is denied again by whoever knows whom it is about, and on record there (BR-66). */
  readonly isAsked: boolean;
}

/**
 * TokenGuard lets nobody in without a token that verifies; which actor of ours it is, Identities tells. It decides by the route's own
 * operation whether his role opens the door at all: a route that names none, or one without a rule, is nobody's. Before a read it waits until
 * the views are where `?after=` says; nothing that it lets through is kept by a cache.
 */
@Injectable()
export class TokenGuard implements CanActivate {
  private readonly doors = new WeakMap<object, Door>();

  constructor(
    private readonly reflector: Reflector,
    private readonly verifier: TokenVerifier,
    private readonly identities: Identities,
    private readonly hashes: KeyedHashes,
    // What is no context has no views.
    @Optional() private readonly follower?: Follower,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const door = this.doorOf(context);
    if (door.isPublic) return true;
    const request = requestOf(context);
    const bearer = bearerOf(request);
    const token = bearer === undefined ? undefined : await this.verifier.verify(bearer);
    if (!token) throw new UnauthorizedException();
    const { traceparent } = request.headers;
    asked.set(request, {
      token,
      actor: await this.identities.actorOf(token),
      requestId: request.id,
      ...(typeof traceparent === 'string' && traceIdOf(traceparent) !== undefined ? { traceparent } : {}),
    });
    void context.getArgByIndex<FastifyReply>(1).header('Cache-Control', 'no-store');
    if (!door.opensTo.has(token.role) && !(door.isAsked && isAboutSomebody(door.rule, request)))
      throw new Forbidden('forbidden');
    if (request.method === 'GET') await this.waitFor(request);
    return true;
  }

  private doorOf(context: ExecutionContext): Door {
    const handler = context.getHandler();
    let door = this.doors.get(handler);
    if (!door) this.doors.set(handler, (door = this.madeOf(handler, context.getClass())));
    return door;
  }

  private madeOf(handler: ReturnType<ExecutionContext['getHandler']>, type: ReturnType<ExecutionContext['getClass']>) {
    const isPublic = this.reflector.getAllAndOverride(Public, [handler, type]) === true;
    const route = this.reflector.get<RouteInfo | undefined>(ROUTE, handler);
    const operation = route && operationOfRoute(route, this.reflector.get<string | undefined>(CONTEXT, type));
    const rule = operation === undefined ? undefined : operationRule(operation);
    const isAsked =
      rule !== undefined && (route?.kind !== 'answers' || !('roles' in rule) || route.recordsDenials === true);
    const opensTo = new Set(ACTOR_ROLES.filter((role) => mayEnter(rule, role).allowed));
    return { isPublic, rule, opensTo, isAsked };
  }

  private async waitFor(request: FastifyRequest): Promise<void> {
    const after = (request.query as Readonly<Record<string, unknown>>)['after'];
    if (after === undefined) return;
    const position = typeof after === 'string' && after.length <= 200 ? this.hashes.positionOf(after) : undefined;
    if (position === undefined) throw new Invalid('invalid-position');
    await this.follower?.reached(position);
  }
}

/** isAboutSomebody: an id in the path leads to somebody, in whose access log it stands who was denied. */
function isAboutSomebody(rule: OperationRule | undefined, { params }: FastifyRequest): boolean {
  const ids = Object.keys(params as object);
  return rule && 'roles' in rule ? ids.includes('personId') || ids.includes('caseId') : ids.length > 0;
}
