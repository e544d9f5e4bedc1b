import type { Actor, ActorRole, LocalDate, WorkingCalendar } from '@second-opinion/kernel';

/** Calendar is the working calendar of this deployment, as an injection token. */
export abstract class Calendar implements WorkingCalendar {
  abstract readonly version: string;
  abstract isWorkingDay(date: LocalDate): boolean;
}

/** VerifiedToken is what a token says after its signature, issuer, audience and time were checked. */
export interface VerifiedToken {
  readonly issuer: string;
  readonly subject: string;
  readonly role: ActorRole;
  readonly organisation: string;
  /** authenticationLevel: the token's `acr`, for the access log. */
  readonly authenticationLevel?: string;
}

/** TokenVerifier checks bearer tokens. Throws nothing: undefined = not to be trusted, whatever the reason. */
export abstract class TokenVerifier {
  abstract verify(token: string): Promise<VerifiedToken | undefined>;
}

/** Identities turns a login into an actor of ours: the person or doctor it is linked to, or the account of a role that needs no link. */
export abstract class Identities {
  /** actorOf gives the actor; a login that should be linked and is not has an id that participates in nothing. */
  abstract actorOf(token: VerifiedToken): Promise<Actor>;
}

/** KeyedHashes are made under secrets of the vault, so that they tell an outsider nothing. */
export abstract class KeyedHashes {
  /**
   * bodyMac of the RFC 8785 form of a body: `<keyVersion>.<mac>`, under this month's key, or under the key of `version`; undefined
   * when that key is destroyed already.
   */
  abstract bodyMac(canonical: string, version?: string): string | undefined;
  /** etag of a stream at a revision: opaque, the same on every replica. */
  abstract etag(stream: string, revision: number): string;
  /** positionToken is a position in the log as the outside gets it: how much happened between two of them is nobody's to count (BR-38). */
  abstract positionToken(position: string): string;
  /** positionOf reads such a token; undefined when it is none of ours. */
  abstract positionOf(token: string): string | undefined;
  /** unknown names something that somebody asked about and that does not exist: what he wrote may be anything, and stands in no log. */
  abstract unknown(asked: string): string;
  /** pageToken is the place where a page ended, as the outside gets it: it may name what the matrix denies. */
  abstract pageToken(place: string): string;
  /** pageOf reads such a token; undefined when it is none of ours. */
  abstract pageOf(token: string): string | undefined;
}

/** Engine beside this process that can be asked whether it is there. */
export interface Engine {
  readonly name: string;
  /** ping resolves when it answers. */
  ping(): Promise<void>;
}

/** Deployment says where we run: its name in access records, and whether demo conveniences exist. */
export abstract class Deployment {
  abstract readonly application: string;
  abstract readonly kind: 'demo' | 'test' | 'production';
  /** replica: name under which this process holds leases. The only process of a deployment keeps its name, and so has its leases back at once after a crash. */
  abstract readonly replica: string;
  /** alone: nobody but this process appends to the event store, so what it has folded is current without looking again. */
  abstract readonly alone: boolean;
  /**
   * catchUp, where views that are far behind are caught up beside this process: resolves when that is done for the views of this context, or
   * given up, or the signal aborts. Never rejects; whatever is left is for whoever asked.
   */
  readonly catchUp?: (context: string, signal: AbortSignal) => Promise<void>;
  /** engines without which neither commands nor reads can be served: that of views and keys, where they are not in files. The event store is asked by itself. */
  readonly engines?: readonly Engine[];
  /** writes: the parts that commands write to; a ping writes something that harms nothing, and resolves when it was taken. Asked only while commands fail. */
  readonly writes?: readonly Engine[];
  /** bus, where it is an engine: without it all is served, and nothing is told to the others. */
  readonly bus?: Engine;
}
