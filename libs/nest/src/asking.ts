import {
  createParamDecorator,
  Injectable,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Invalid, type Actor } from '@second-opinion/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Follower } from './follower';
import { Identities, KeyedHashes, TokenVerifier, type VerifiedToken } from './ports';

/** Asking is who asks: his token as checked, the actor of ours that he is, and the id of the request. */
export interface Asking {
  readonly token: VerifiedToken;
  readonly actor: Actor;
  readonly requestId: string;
  readonly traceparent?: string;
}

const PUBLIC = 'second-opinion:public';
const asked = new WeakMap<object, Asking>();

/** Public marks a route that needs no token (health, the API document). */
export const Public = Reflector.createDecorator<true>({ key: PUBLIC });

/** askingOf gives who asks; only behind the guard. */
export function askingOf(request: FastifyRequest): Asking {
  const asking = asked.get(request);
  if (!asking) throw new UnauthorizedException();
  return asking;
}

/** bearerOf reads the token of a request (RFC 6750); undefined for a header that says more, or something else. */
export function bearerOf({ headers }: FastifyRequest): string | undefined {
  return /^bearer ([\w.~+/-]+=*)$/i.exec(headers.authorization ?? '')?.[1];
}

/** Asking hands who asks to a controller method. */
export const Asking = createParamDecorator((_: unknown, context: ExecutionContext) =>
  askingOf(context.switchToHttp().getRequest<FastifyRequest>()),
);

/**
 * TokenGuard lets nobody in without a token that verifies; which actor of ours it is, Identities tells. Before a read it waits until the
 * views are where `?after=` says; nothing that it lets through is kept by a cache.
 */
@Injectable()
export class TokenGuard implements CanActivate {
  private readonly open = new WeakMap<object, boolean>();

  constructor(
    private readonly reflector: Reflector,
    private readonly verifier: TokenVerifier,
    private readonly identities: Identities,
    private readonly follower: Follower,
    private readonly hashes: KeyedHashes,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.isPublic(context)) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const bearer = bearerOf(request);
    const token = bearer === undefined ? undefined : await this.verifier.verify(bearer);
    if (!token) throw new UnauthorizedException();
    const { traceparent } = request.headers;
    asked.set(request, {
      token,
      actor: await this.identities.actorOf(token),
      requestId: request.id,
      ...(typeof traceparent === 'string' && /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(traceparent)
        ? { traceparent }
        : {}),
    });
    void context.switchToHttp().getResponse<FastifyReply>().header('Cache-Control', 'no-store');
    if (request.method === 'GET') await this.waitFor(request);
    return true;
  }

  private isPublic(context: ExecutionContext): boolean {
    const handler = context.getHandler();
    let open = this.open.get(handler);
    if (open === undefined) {
      open = this.reflector.getAllAndOverride(Public, [handler, context.getClass()]) === true;
      this.open.set(handler, open);
    }
    return open;
  }

  private async waitFor(request: FastifyRequest): Promise<void> {
    const after = (request.query as Readonly<Record<string, unknown>>)['after'];
    if (after === undefined) return;
    const position = typeof after === 'string' && after.length <= 200 ? this.hashes.positionOf(after) : undefined;
    if (position === undefined) throw new Invalid('invalid-position');
    await this.follower.reached(position);
  }
}
