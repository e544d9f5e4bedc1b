/** Apache Kafka from its published jars: one broker that is its own controller, topics that keep everything. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { answer, freePort, kept, Missing } from './machine.mjs';
import { until } from '../prepare/until.mjs';

const HERE = path.join(import.meta.dirname, 'kafka');
const VERSION = '4.4.0';
const OLDEST_JAVA = 17;
const READY_MS = 180_000;
const METADATA = 3;

/** Kafka is the launcher of the broker: `url` is what KAFKA_BROKERS wants. */
export class Kafka {
  static variable = 'KAFKA_BROKERS';
  #process;
  #java;
  #jars;
  #archive;
  #guard;

  /** `guard` ({@link kafkaGuard}) makes it the broker of docker-compose.yml instead: TLS, users and rights. */
  constructor(process, guard) {
    this.#process = process;
    this.#guard = guard;
  }

  async prepare() {
    this.#java = javaCommand();
    const libs = await kafkaJars();
    this.#jars = fs
      .readdirSync(libs)
      .filter((name) => name.endsWith('.jar'))
      .sort()
      .map((name) => path.join(libs, name));
    // Class data of an earlier run, for this very Java: made at the first clean stop, ready in one second from then on.
    this.#archive = path.join(libs, `classes-${this.#java.build}.jsa`);
    this.port = await freePort();
    this.controller = await freePort();
    // Where the broker speaks to itself, and is asked whether it lives.
    this.local = this.#guard ? await freePort() : this.port;
    this.url = `127.0.0.1:${this.port}`;
    this.properties = path.join(this.#process.folder, 'server.properties');
    const { port, controller, local } = this;
    this.data = path.join(this.#process.folder, 'log');
    const at = { port, controller, local, folder: this.data };
    fs.writeFileSync(this.properties, this.#guard ? this.#guard.settings(at) : settings(at));
    this.#format();
  }

  /** start resolves when the broker answers a request for metadata and names itself as living. */
  async start() {
    const archive = fs.existsSync(this.#archive)
      ? [`-XX:SharedArchiveFile=${this.#archive}`]
      : [`-XX:ArchiveClassesAtExit=${this.#ownArchive}`];
    const jvm = ['-Xms256m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', ...archive];
    await this.#process.start(this.#java.command, [...jvm, ...this.#classes('kafka.Kafka'), this.properties]);
    await until(() => hasLivingBroker(this.local), {
      what: 'the first answer of Kafka',
      withinMs: READY_MS,
      alive: () => this.#process.alive(),
    });
  }

  /** stopped keeps what a clean stop left for later runs. */
  stopped() {
    if (!fs.existsSync(this.#ownArchive)) return;
    if (fs.existsSync(this.#archive)) return;
    const beside = `${this.#archive}.${process.pid}`;
    fs.copyFileSync(this.#ownArchive, beside);
    fs.renameSync(beside, this.#archive);
  }

  emptied() {
    this.#format();
  }

  get #ownArchive() {
    return path.join(this.#process.folder, 'classes.jsa');
  }

  #classes(main) {
    return [`-Dlog4j2.configurationFile=${path.join(HERE, 'log4j2.properties')}`, '-cp', this.#jars.join(':'), main];
  }

  #format() {
    const cluster = Buffer.concat([Buffer.from([0]), randomBytes(15)]).toString('base64url');
    const tool = [
      ...this.#classes('kafka.tools.StorageTool'),
      'format',
      '-t',
      cluster,
      '-c',
      this.properties,
      '--standalone',
      ...(this.#guard?.users ?? []),
    ];
    const { status, stdout, stderr } = spawnSync(this.#java.command, ['-Xmx128m', ...tool], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`Kafka's storage could not be formatted:\n${stdout}${stderr}`);
  }
}

/** kafkaJars gives the folder of the verified jars, fetched the first time. */
export const kafkaJars = () => kept(`kafka-${VERSION}`, path.join(HERE, 'jars.sha256'), download);

/** settings of a broker for tests. */
const settings = ({ port, controller, folder }) => `# A broker for tests, on the loopback interface only.
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:${controller}
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}
advertised.listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs=${folder}
# Topics are made on purpose, and keep everything; a group that was away for long still finds its place.
auto.create.topics.enable=false
log.retention.ms=-1
log.retention.bytes=-1
offsets.retention.minutes=2147483647
# One node.
offsets.topic.replication.factor=1
offsets.topic.num.partitions=8
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
min.insync.replicas=1
group.initial.rebalance.delay.ms=0
log.cleaner.dedupe.buffer.size=4194304
# After a SIGKILL the old session would keep the same node out for nine seconds.
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
`;

/**
 * kafkaGuard of the secrets of a deployment (their folder, infra/init): the settings of docker-compose.yml with other addresses and paths, and
 * the users that its storage is formatted with.
 */
export function kafkaGuard(secrets) {
  const lines = fs
    .readFileSync(path.join(secrets, 'kafka', 'users'), 'utf8')
    .trim()
    .split('\n');
  const users = lines.flatMap((line) => {
    const [name, password] = line.split(' ');
    return ['--add-scram', `SCRAM-SHA-512=[name=${name},password=${password}]`];
  });
  const deployed = fs.readFileSync(path.join(import.meta.dirname, '..', 'kafka', 'server.properties'), 'utf8');
  return {
    users,
    settings: ({ port, controller, local, folder }) =>
      deployed
        .replaceAll('SERVICES://:9092', `SERVICES://127.0.0.1:${port}`)
        .replaceAll('SERVICES://kafka:9092', `SERVICES://127.0.0.1:${port}`)
        .replaceAll('127.0.0.1:9093', `127.0.0.1:${controller}`)
        .replaceAll('127.0.0.1:9094', `127.0.0.1:${local}`)
        .replace('/var/lib/kafka/data', folder)
        .replace('/run/secrets/kafka-tls', path.join(secrets, 'kafka', 'tls.pem')),
  };
}

function javaCommand() {
  const command = process.env.JAVA_HOME ? path.join(process.env.JAVA_HOME, 'bin', 'java') : 'java';
  const said = answer(command, ['-version']);
  const [, version] = /version "([^"]+)"/.exec(said ?? '') ?? [];
  if (!version || Number(version.split('.')[0]) < OLDEST_JAVA) {
    throw new Missing(
      `Kafka needs Java ${OLDEST_JAVA} or newer, and ${version ? `found ${version}` : 'none was found'}: install a Java runtime, or give a broker with KAFKA_BROKERS.`,
    );
  }
  return { command, build: said.replaceAll(/[^\w.]+/g, '-').slice(-60) };
}

function download(folder) {
  if (answer('mvn', ['--version']) === undefined) {
    throw new Missing(
      'Kafka is fetched with Maven the first time, and none was found: install Maven (mvn), or give a broker with KAFKA_BROKERS.',
    );
  }
  process.stderr.write(`Fetching Apache Kafka ${VERSION} (the first time; about 43 MB) …\n`);
  const args = [
    '-q',
    '-B',
    '-f',
    path.join(HERE, 'pom.xml'),
    'dependency:copy-dependencies',
    `-DoutputDirectory=${folder}`,
  ];
  const { status, stdout, stderr } = spawnSync('mvn', args, { encoding: 'utf8', cwd: folder });
  if (status === 0) return;
  if (/UnknownHost|Connect(ion)? (refused|timed out|to)|Network is unreachable|transfer/i.test(stdout + stderr)) {
    throw new Missing(
      'Kafka could not be fetched: the Maven repository cannot be reached (only the first time needs it). Check the network, or give a broker with KAFKA_BROKERS.',
    );
  }
  throw new Error(`Maven could not fetch Kafka:\n${stdout}${stderr}`);
}

/** hasLivingBroker asks for metadata in version 0 of that request: the port alone is open before the broker serves. */
function hasLivingBroker(port) {
  const request = Buffer.alloc(4 + 2 + 2 + 4 + 2 + 4);
  request.writeInt32BE(request.length - 4, 0);
  request.writeInt16BE(METADATA, 4);
  request.writeInt16BE(1, 6);
  request.writeInt32BE(1, 8);
  request.writeInt16BE(-1, 12);
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: '127.0.0.1' }, () => socket.write(request));
    let answered = Buffer.alloc(0);
    const end = (living) => {
      socket.destroy();
      resolve(living);
    };
    socket.setTimeout(1000, () => end(false));
    socket.on('error', () => end(false));
    socket.on('close', () => end(false));
    socket.on('data', (piece) => {
      answered = Buffer.concat([answered, piece]);
      if (answered.length >= 12) end(answered.readInt32BE(8) > 0);
    });
  });
}
