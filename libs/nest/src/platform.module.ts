import { Global, Module, type DynamicModule, type Provider } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { AccessLog } from '@second-opinion/access-log';
import { DocumentStore } from '@second-opinion/document-store';
import { EventStore } from '@second-opinion/event-store';
import { Clock, type WorkingCalendar } from '@second-opinion/kernel';
import { MessageBus } from '@second-opinion/message-bus';
import { DocumentVault, KeyStore, PersonLinks, Vault, type VirusScanner } from '@second-opinion/vault';
import { ViewStore } from '@second-opinion/view-store';
import { Deciders } from './deciders';
import { Denials } from './denied';
import { HealthWatch } from './health-watch';
import { Calendar, Deployment, Identities, KeyedHashes, TokenVerifier } from './ports';
import { ProblemFilter } from './problem.filter';
import { WriteWatch } from './write-watch';

/** Platform is everything that contexts stand on: the ports, each as one adapter. Which adapters, the app decides. */
export interface Platform {
  readonly events: EventStore;
  readonly bus: MessageBus;
  readonly views: ViewStore;
  /** documents: only where documents are stored. */
  readonly documents?: DocumentStore;
  /** scanner looks at every document before it is kept; without one, documents say that nobody looked. */
  readonly scanner?: VirusScanner;
  readonly accessLog: AccessLog;
  readonly vault: Vault;
  readonly keys: KeyStore;
  /** links finds persons by login, invitation, and name with birth date: only where persons are registered. */
  readonly links?: PersonLinks;
  readonly clock: Clock;
  readonly calendar: WorkingCalendar;
  readonly tokens: TokenVerifier;
  readonly identities: Identities;
  readonly hashes: KeyedHashes;
  readonly deployment: Deployment;
  /** more providers of the app (mail transport, virus scanner, settings). */
  readonly more?: readonly Provider[];
}

/** PlatformModule hands the platform to all contexts. */
@Global()
@Module({})
export class PlatformModule {
  static on(platform: Platform): DynamicModule {
    const ports: Provider[] = [
      { provide: EventStore, useValue: platform.events },
      { provide: MessageBus, useValue: platform.bus },
      { provide: ViewStore, useValue: platform.views },
      ...documentPorts(platform),
      { provide: AccessLog, useValue: platform.accessLog },
      { provide: Vault, useValue: platform.vault },
      { provide: KeyStore, useValue: platform.keys },
      ...(platform.links ? [{ provide: PersonLinks, useValue: platform.links }] : []),
      { provide: Clock, useValue: platform.clock },
      { provide: Calendar, useValue: platform.calendar },
      { provide: TokenVerifier, useValue: platform.tokens },
      { provide: Identities, useValue: platform.identities },
      { provide: KeyedHashes, useValue: platform.hashes },
      { provide: Deployment, useValue: platform.deployment },
      ...(platform.more ?? []),
    ];
    return {
      module: PlatformModule,
      imports: [CqrsModule],
      providers: [
        ...ports,
        Deciders,
        Denials,
        HealthWatch,
        WriteWatch,
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
      exports: [
        ...ports.map((port) => (port as { provide: typeof EventStore }).provide),
        Deciders,
        Denials,
        HealthWatch,
        CqrsModule,
      ],
    };
  }
}

function documentPorts({ documents, vault, scanner }: Platform): Provider[] {
  if (!documents) return [];
  return [
    { provide: DocumentStore, useValue: documents },
    { provide: DocumentVault, useValue: vault.documents(documents, scanner) },
  ];
}
