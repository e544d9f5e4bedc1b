import { Readable } from 'node:stream';
import {
  createParamDecorator,
  Injectable,
  UnsupportedMediaTypeException,
  type ArgumentMetadata,
  type ExecutionContext,
  type PipeTransform,
} from '@nestjs/common';
import { mayKnowOf, mayPerform, operationRule, relationOf, type OperationRule } from '@second-opinion/access';
import {
  canonicalJson,
  Clock,
  derivedId,
  Forbidden,
  Invalid,
  NotFound,
  type Command,
  type CommandClass,
  type Participants,
  type Relation,
} from '@second-opinion/kernel';
import { KeyStore, Vault, type ToSeal } from '@second-opinion/vault';
import type { FastifyRequest } from 'fastify';
import { askingOf, noteCase, requestOf, type Asking } from './asking';
import { attach, noteWritten } from './circumstances';
import { deciderOf } from './decider-handlers';
import { Deciders, type AnyDecider } from './deciders';
import { Denials } from './denied';
import { fieldsOf, type FieldsClass } from './fields';
import { Calendar, KeyedHashes } from './ports';
import { createdIdOf } from './routes';
import { validated } from './validation';

/** Subject says whose personal text a command carries: the person (or doctor), and the case when it belongs to one. */
export interface Subject {
  readonly personId: string;
  readonly caseId: string;
}

/** WithSubject is a command class that names the subject of its seals itself: creates, and what belongs to no case. */
interface WithSubject {
  subject?(command: Command, asking: { actorId: string; commandId: string }): Subject;
}

/** Kind is what is known of a command class before anybody sends one. */
interface Kind {
  readonly decider: AnyDecider;
  readonly operation: string;
  readonly rule: OperationRule | undefined;
  /** created: the field that names what the command creates, for a command that creates. */
  readonly created: string | undefined;
}

/** Admitted is what the asker is to the case, who takes part in it, and which it is. */
interface Admitted {
  readonly relation: Relation;
  readonly participants: Participants;
  readonly caseId: string | undefined;
}

/**
 * Rim turns a request into a command: merges body and path (no field may stand in both), validates, finds what the asker is to the case, asks the
 * access matrix, seals personal fields and attaches the circumstances. Whoever has no access gets the same 404 as for what does not exist.
 */
@Injectable()
export class Rim implements PipeTransform<FastifyRequest, Promise<Command>> {
  private readonly kinds = new Map<CommandClass, Kind>();

  constructor(
    private readonly deciders: Deciders,
    private readonly vault: Vault,
    private readonly denials: Denials,
    private readonly clock: Clock,
    private readonly calendar: Calendar,
    private readonly hashes: KeyedHashes,
    private readonly keys: KeyStore,
  ) {}

  async transform(request: FastifyRequest, { metatype }: ArgumentMetadata): Promise<Command> {
    const began = performance.now();
    const type = metatype as unknown as CommandClass & WithSubject;
    const kind = this.kindOf(type);
    const { decider, created } = kind;
    const asking = askingOf(request);
    const key = keyOf(request);
    const path = request.params as Readonly<Record<string, string>>;
    const body = bodyOf(request);
    if (Object.keys(path).some((name) => Object.hasOwn(body, name)))
      throw new Invalid('invalid-request', { at: '/', rule: 'additionalProperties' });
    const fields = { ...body, ...path };
    const plain = validated(type, fields, created === undefined ? [] : [created]);
    const { issuer, subject, authenticationLevel } = asking.token;
    const commandId = derivedId(issuer, subject, request.method, pathOf(request), key);
    const made = created === undefined ? undefined : await this.deciders.idFor(decider, commandId, plain, created);
    const command = Object.assign(new type(), plain, created === undefined ? {} : { [created]: made?.id });
    const admitted = await this.admit(kind, command, asking);
    if (admitted.caseId !== undefined) noteCase(request, admitted.caseId);
    // Before sealing: parts of the body become parts of the command, and seals differ at every try.
    const canonical = canonicalJson(plain);
    await this.seal(decider, type, command, admitted, asking, commandId, made?.isNew);
    const ifMatch = request.headers['if-match'];
    let now: string | undefined;
    const mac = (version?: string) =>
      version === undefined ? (now ??= this.hashes.bodyMac(canonical)) : this.hashes.bodyMac(canonical, version);
    // No id in the path, and none that is the command's own: the body alone says which stream it is for.
    const byBody = created === undefined && Object.keys(path).length === 0;
    return attach(command, {
      actor: asking.actor,
      now: this.clock.now(),
      commandId,
      calendar: this.calendar,
      correlationId: asking.requestId,
      causationId: commandId,
      requestId: asking.requestId,
      relation: admitted.relation,
      began,
      ...(authenticationLevel === undefined ? {} : { authenticationLevel }),
      ...(asking.traceparent === undefined ? {} : { traceparent: asking.traceparent }),
      ...(ifMatch === undefined ? {} : { ifMatch }),
      ...(made === undefined ? {} : { created: { commandId, ...made } }),
      mac,
      ...(byBody ? { claim: () => this.claim(commandId, mac()) } : {}),
    });
  }

  private kindOf(type: CommandClass): Kind {
    let kind = this.kinds.get(type);
    if (kind) return kind;
    const decider = deciderOf(type);
    if (!decider) throw new TypeError(`no context decides ${type.name}`);
    const operation = operationOf(decider, type);
    kind = { decider, operation, rule: operationRule(operation), created: createdIdOf(type) };
    this.kinds.set(type, kind);
    return kind;
  }

  private async claim(commandId: string, mac: string | undefined): Promise<string | undefined> {
    if (mac !== undefined) await this.keys.link('command', commandId, mac);
    const [first] = await this.keys.linked('command', commandId);
    return first;
  }

  /** admit asks the matrix; who is nobody to the case learns nothing about it. */
  private async admit({ decider, operation, rule }: Kind, command: Command, asking: Asking): Promise<Admitted> {
    const streamId = decider.streamId(command as unknown as Record<string, unknown>);
    const { participants, caseId } = await this.lookUp(decider, streamId);
    const relation = relationOf(asking.actor, participants);
    const decision = mayPerform(rule, { relation, role: asking.actor.role }, {});
    if (decision.allowed) return { relation, participants, caseId };
    const personId = participants.employee;
    const asked = `${decider.category}-${streamId}`;
    await this.denials.record({ asking, relation, operation, decision, asked, personId, caseId, action: 'U' });
    const knowsOfIt = rule !== undefined && 'roles' in rule ? true : mayKnowOf(relation) && personId !== undefined;
    throw knowsOfIt ? new Forbidden('forbidden') : new NotFound();
  }

  /** lookUp gives who takes part in the case and which it is, as the stream itself has recorded it; nothing when it does not exist. */
  private async lookUp(decider: AnyDecider, streamId: string): Promise<Omit<Admitted, 'relation'>> {
    if (!decider.participants) return { participants: {}, caseId: decider.caseId?.(streamId, decider.initial) };
    const { state, revision } = await this.deciders.state<unknown>(decider, streamId);
    const participants = revision === -1 ? {} : decider.participants(state);
    return { participants, caseId: decider.caseId?.(streamId, state) };
  }

  private async seal(
    decider: AnyDecider,
    type: CommandClass & WithSubject,
    command: Command,
    { participants, caseId = '' }: Admitted,
    asking: Asking,
    commandId: string,
    isNew = false,
  ): Promise<void> {
    const [context = ''] = decider.category.split('.');
    const places: Place[] = [];
    collect(type, command as unknown as Record<string, unknown>, context, places);
    if (places.length === 0) return;
    const subject = type.subject?.(command, { actorId: asking.actor.id, commandId }) ?? {
      personId: participants.employee,
      caseId,
    };
    const { personId } = subject;
    if (personId === undefined) throw new NotFound();
    const texts = places.map(({ category, purpose, text }): ToSeal => ({
      personId,
      caseId: subject.caseId,
      category,
      purpose,
      object: commandId,
      text,
      // Who comes with what is created is most likely new as well.
      isFirst: isNew,
    }));
    const seals = await this.vault.seal(texts);
    places.forEach((place, index) => place.put(seals[index]));
    noteWritten(
      command,
      seals,
      places.map(({ text }) => text),
    );
  }
}

/** FromRequest hands a controller method its command, past the rim. */
export const FromRequest = () =>
  createParamDecorator((_: unknown, context: ExecutionContext) => requestOf(context))(Rim);

/** operationOf names a command's operation as libs/access knows it. */
export function operationOf(decider: AnyDecider, type: { readonly name: string }): string {
  return `${decider.category.split('.')[0]}.${type.name}`;
}

interface Place {
  readonly category: ToSeal['category'];
  readonly purpose: string;
  readonly text: string;
  put(seal: unknown): void;
}

function collect(type: FieldsClass, holder: Record<string, unknown>, context: string, places: Place[]): void {
  for (const [name, field] of fieldsOf(type)) {
    const value = holder[name];
    if (value === undefined) continue;
    if (field.part) {
      const parts = (field.list ? value : [value]) as Record<string, unknown>[];
      for (const part of parts) collect(field.part, part, context, places);
    } else if (field.personal) {
      const { category, purpose = `${context}.${name}` } = field.personal;
      if (Array.isArray(value)) {
        value.forEach((text: string, index) =>
          places.push({ category, purpose, text, put: (seal) => void (value[index] = seal) }),
        );
      } else {
        places.push({ category, purpose, text: value as string, put: (seal) => void (holder[name] = seal) });
      }
    }
  }
}

function keyOf(request: FastifyRequest): string {
  const key = request.headers['idempotency-key'];
  if (key === undefined) throw new Invalid('idempotency-key-missing');
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key)) throw new Invalid('idempotency-key-invalid');
  return key;
}

/** pathOf a request, one for all ways to write it: the same key on the same thing is the same command. */
function pathOf({ routeOptions, params }: FastifyRequest): string {
  const values = params as Readonly<Record<string, string>>;
  return (routeOptions.url ?? '').replace(/:([A-Za-z]+)/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
}

function bodyOf({ body = {} }: FastifyRequest): object {
  if (body instanceof Readable) throw new UnsupportedMediaTypeException();
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new Invalid('invalid-request', { at: '/', rule: 'type' });
  return body;
}
