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

const LOOK_MS = 60 * 60 * 1000;
const ANSWER_MS = 5_000;

/**
 * Certificates knows when those on which this process stands end: what the files hold that its settings name, and what its engines and its
 * identity provider present. It looks at the start and every hour, since they are renewed while it runs. What could not be read keeps the
 * end that it had. Roles and times only, never a path, an address or a name in a certificate.
 */
export class Certificates {
  private readonly known = new Map<string, number>();
  private readonly looking: NodeJS.Timeout;

  constructor(private readonly sources: CertificateSources) {
    void this.look();
    this.looking = setInterval(() => void this.look(), LOOK_MS).unref();
  }

  /** ends of what has been read, in seconds since the epoch, by role; of several in one file or behind one address, the first. */
  ends(): ReadonlyMap<string, number> {
    return this.known;
  }

  /** look reads all of them again; never throws. */
  async look(): Promise<void> {
    const { files, servers } = this.sources;
    await Promise.all([
      ...[...files].map(([role, file]) => this.note(role, endsIn(file))),
      ...[...servers].map(([role, all]) => this.note(role, endsAt(all))),
    ]);
  }

  /** stop looks no more. */
  stop(): void {
    clearInterval(this.looking);
  }

  private async note(role: string, reading: Promise<readonly number[]>): Promise<void> {
    const ends = await reading.catch(() => []);
    if (ends.length > 0) this.known.set(role, Math.min(...ends));
  }
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

async function endsIn(file: string): Promise<readonly number[]> {
  const found = (await readFile(file, 'utf8')).match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  return (found ?? []).map((pem) => endOf(new X509Certificate(pem)));
}

/** endsAt those servers that answer. */
async function endsAt(servers: readonly Server[]): Promise<readonly number[]> {
  const asked = await Promise.allSettled(servers.map(endAt));
  return asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}

/** endAt looks at what is presented and says nothing: so it may be one that nobody trusts any more, whose end counts most. */
async function endAt({ host, port }: Server): Promise<number> {
  const named = isIP(host) === 0 ? { servername: host } : {};
  const socket = connect({ host, port, rejectUnauthorized: false, ...named });
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(ANSWER_MS) });
    const certificate = socket.getPeerX509Certificate();
    if (!certificate) throw new TypeError('a server of TLS presents a certificate');
    return endOf(certificate);
  } finally {
    socket.on('error', () => undefined).destroy();
  }
}

function endOf(certificate: X509Certificate): number {
  return certificate.validToDate.getTime() / 1000;
}
