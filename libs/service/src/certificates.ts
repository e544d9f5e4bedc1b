import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import type { Settings } from './settings';

/** CertificateSources are where the certificates on which a deployment stands are found, by their role. */
export interface CertificateSources {
  /** files that the settings name, with PEM in them. */
  readonly files: ReadonlyMap<string, string>;
  /** servers that are spoken to with TLS from the first byte on. */
  readonly servers: ReadonlyMap<string, readonly Server[]>;
}

/** Server is where one presents its certificate. */
interface Server {
  readonly host: string;
  readonly port: number;
}

/** Validity of a certificate, in seconds since the epoch. */
export interface Validity {
  readonly begin: number;
  readonly end: number;
}

const LOOK_MS = 60 * 60 * 1000;
/** AGAIN_MS: what could not be read, as while a server is away, is looked for again so soon. */
const AGAIN_MS = 60 * 1000;
const ANSWER_MS = 5_000;

/**
 * Certificates knows when those on which this process stands begin and end: what the files hold that its settings name, and what its engines and
 * its identity provider present. It looks at the start and every hour, since they are renewed while it runs, and a minute after something could not be
 * read, which keeps the validity that it had. Roles and times only, never a path, an address or a name in a certificate.
 */
export class Certificates {
  private readonly known = new Map<string, Validity>();
  private next: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(private readonly sources: CertificateSources) {
    void this.watch();
  }

  /** validities of what has been read, by role; of several in one file or behind one address, of the one that must be renewed first. */
  validities(): ReadonlyMap<string, Validity> {
    return this.known;
  }

  /** look reads all of them again, and tells whether all could be read; never throws. */
  async look(): Promise<boolean> {
    const { files, servers } = this.sources;
    const read = await Promise.all([
      ...[...files].map(([role, file]) => this.note(role, [inFile(file)])),
      ...[...servers].map(([role, all]) => this.note(role, all.map(presentedBy))),
    ]);
    return !read.includes(false);
  }

  /** stop looks no more. */
  stop(): void {
    this.stopped = true;
    clearTimeout(this.next);
  }

  private async watch(): Promise<void> {
    const whole = await this.look();
    if (!this.stopped) this.next = setTimeout(() => void this.watch(), whole ? LOOK_MS : AGAIN_MS).unref();
  }

  private async note(role: string, readings: readonly Promise<readonly Validity[]>[]): Promise<boolean> {
    const read = await Promise.allSettled(readings);
    const found = read.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
    const [first] = found.sort((one, other) => renewBefore(one) - renewBefore(other));
    if (first) this.known.set(role, first);
    return read.every(({ status }) => status === 'fulfilled');
  }
}

const RENEW_SECONDS = 21 * 24 * 3600;

/** renewBefore this time, as the alert `CertificateEnds` says: who renews by himself has done so by then. */
function renewBefore({ begin, end }: Validity): number {
  return end - Math.min((end - begin) / 4, RENEW_SECONDS);
}

/** certificateSources of these settings. A `mongodb+srv` address names no server, and one that is reached without TLS presents nothing. */
export function certificateSources({ engines, oidcJwksUrl, env }: Settings): CertificateSources {
  const events = partsOf(engines.eventStoreDb, 2113);
  const mongo = partsOf(engines.mongoDb, 27017);
  const { kafka } = engines;
  const provider = URL.parse(oidcJwksUrl ?? '');
  const eventsTls = events?.options.get('tls') !== 'false';
  const mongoTls = [mongo?.options.get('tls'), mongo?.options.get('ssl')].includes('true');
  return {
    files: present({
      'eventstoredb-authority': events?.options.get('tlscafile'),
      'eventstoredb-client': events?.options.get('usercertfile'),
      'mongodb-authority': mongo?.options.get('tlscafile'),
      'mongodb-client': mongo?.options.get('tlscertificatekeyfile'),
      // What Node itself trusts besides: for Kafka, the identity provider and mail.
      authorities: env['NODE_EXTRA_CA_CERTS'],
    }),
    servers: present({
      'eventstoredb-server': eventsTls ? events?.servers : undefined,
      'mongodb-server': mongoTls ? mongo?.servers : undefined,
      'kafka-server': kafka?.ssl === true ? kafka.brokers.flatMap((broker) => serversIn(broker, 9092)) : undefined,
      'identity-provider-server':
        provider?.protocol === 'https:' ? serversIn(provider.host, Number(provider.port || 443)) : undefined,
    }),
  };
}

function present<T>(roles: Readonly<Record<string, T | undefined>>): ReadonlyMap<string, T> {
  return new Map(Object.entries(roles).flatMap(([role, one]) => (one === undefined ? [] : [[role, one] as const])));
}

/** partsOf the address of an engine, in which several hosts may stand; its options by their bare names in small letters, as clients compare them. */
function partsOf(address: string | undefined, port: number) {
  const found = /^[a-z+]+:\/\/(?:[^@/?]*@)?([^/?]+)(?:\/[^?]*)?(?:\?(.*))?$/.exec(address ?? '');
  if (!found) return undefined;
  const [, hosts = '', query] = found;
  return {
    servers: address?.startsWith('mongodb+srv:') ? [] : serversIn(hosts, port),
    options: new Map(
      [...new URLSearchParams(query)].map(([name, value]) => [name.toLowerCase().replace(/[-_]/g, ''), value]),
    ),
  };
}

function serversIn(hosts: string, port: number): readonly Server[] {
  return hosts.split(',').flatMap((one) => {
    const [, inBrackets, name, given] = /^(?:\[(.+)\]|([^:]+))(?::(\d+))?$/.exec(one) ?? [];
    const host = inBrackets ?? name;
    return host === undefined ? [] : [{ host, port: Number(given ?? port) }];
  });
}

async function inFile(file: string): Promise<readonly Validity[]> {
  const found = (await readFile(file, 'utf8')).match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  return (found ?? []).map((pem) => validityOf(new X509Certificate(pem)));
}

/** presentedBy a server, to whom nothing is said: so it may be one that nobody trusts any more, whose end counts most. */
async function presentedBy({ host, port }: Server): Promise<readonly Validity[]> {
  const named = isIP(host) === 0 ? { servername: host } : {};
  const socket = connect({ host, port, rejectUnauthorized: false, ...named });
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(ANSWER_MS) });
    const certificate = socket.getPeerX509Certificate();
    if (!certificate) throw new TypeError('a server of TLS presents a certificate');
    return [validityOf(certificate)];
  } finally {
    socket.on('error', () => undefined).destroy();
  }
}

function validityOf({ validFromDate, validToDate }: X509Certificate): Validity {
  return { begin: validFromDate.getTime() / 1000, end: validToDate.getTime() / 1000 };
}
