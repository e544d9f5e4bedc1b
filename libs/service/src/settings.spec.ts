import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeFolders } from './folders';
import { settingsFrom } from './settings';
import { SettingsError } from './settings-error';

const settings = (env: Record<string, string>) => settingsFrom(env, '/here');

const LOGIN = { KAFKA_BROKERS: 'one:9092', KAFKA_USERNAME: 'intake', KAFKA_PASSWORD: 'pass', KAFKA_SSL: 'true' };

describe('settings of a deployment', () => {
  it('is a demo on this machine alone unless told otherwise', () => {
    expect(settings({})).toMatchObject({ deployment: 'demo', host: '127.0.0.1', port: 3000 });
  });

  it('needs an issuer for production, so that no development token ever opens it', () => {
    expect(() => settings({ DEPLOYMENT: 'production' })).toThrow(SettingsError);
    expect(settings({ DEPLOYMENT: 'production', OIDC_ISSUER: 'https://login.example' })).toMatchObject({
      deployment: 'production',
      oidcJwksUrl: 'https://login.example/protocol/openid-connect/certs',
    });
  });

  it('becomes no demo by accident: not with a real issuer, and not where others can reach it', () => {
    expect(() => settings({ OIDC_ISSUER: 'https://login.example' })).toThrow(/DEPLOYMENT/);
    for (const host of ['0.0.0.0', '::', '192.0.2.1', 'second-opinion.example'])
      expect(() => settings({ HOST: host })).toThrow(/DEPLOYMENT/);
    for (const host of ['127.0.0.1', '127.0.0.2', '::1', 'localhost'])
      expect(settings({ HOST: host })).toMatchObject({ deployment: 'demo', host });
    expect(settings({ HOST: '0.0.0.0', DEPLOYMENT: 'test' })).toMatchObject({ deployment: 'test' });
  });

  it('takes the keys of a production issuer over TLS, or from this machine', () => {
    const production = { DEPLOYMENT: 'production', OIDC_ISSUER: 'https://login.example' };
    expect(() => settings({ ...production, OIDC_JWKS_URL: 'http://login.example/keys' })).toThrow(/https/);
    expect(() => settings({ ...production, OIDC_JWKS_URL: 'file:///etc/keys' })).toThrow(/https/);
    expect(settings({ ...production, OIDC_JWKS_URL: 'http://127.0.0.1:8080/keys' })).toMatchObject({
      oidcJwksUrl: 'http://127.0.0.1:8080/keys',
    });
  });

  it('takes an empty variable for one that is absent, so that DATA_DIR is never the folder where it was started', () => {
    expect(settings({ DATA_DIR: '', PORT: '', SMTP_URL: '' })).toMatchObject({
      dataDir: path.resolve('/here/.data'),
      port: 3000,
      smtpUrl: undefined,
    });
    const jwks = { OIDC_ISSUER: '', OIDC_JWKS_URL: 'https://login.example/keys' };
    expect(() => settings({ DEPLOYMENT: 'production', ...jwks })).toThrow(/OIDC_ISSUER/);
  });

  it('gives its numbers without a token nowhere, unless a port is named for them that is not its own', () => {
    expect(settings({ METRICS_PORT: '' }).metrics).toBeUndefined();
    expect(settings({ METRICS_PORT: '9464' }).metrics).toEqual({ host: '127.0.0.1', port: 9464 });
    const hosts = { HOST: '::1', METRICS_HOST: '10.0.0.1' };
    expect(settings({ METRICS_PORT: '9464', ...hosts }).metrics).toEqual({ host: '10.0.0.1', port: 9464 });
    for (const wrong of ['0', '65536', '-1', 'yes', '3000'])
      expect(() => settings({ METRICS_PORT: wrong })).toThrow(/^METRICS_PORT must be/);
    expect(() => settings({ METRICS_HOST: '10.0.0.1' })).toThrow(/METRICS_PORT/);
  });

  it('names the setting that is wrong, not the one that derives from it', () => {
    expect(() => settings({ DEPLOYMENT: 'production', OIDC_ISSUER: 'login' })).toThrow(/^OIDC_ISSUER must be a URL/);
  });

  it.each([
    ['SMTP_URL', 'http://mail.example'],
    ['SMTP_URL', 'smtp://'],
    ['PORTAL_URL', 'javascript:alert(1)'],
    ['MAIL_FROM', 'a@b.nl\r\nBcc: x@y.nl'],
    ['MAIL_FROM', 'nobody'],
    ['VAULT_KEK_MEDICLA_FILE', '/run/secrets/kek-medical'],
  ])('refuses %s=%j at the start', (name, value) => {
    expect(() => settings({ [name]: value })).toThrow(new RegExp(`^${name} (must|is no)`));
  });

  it('takes a sender with his name, and an issuer that ends in a slash', () => {
    expect(settings({ MAIL_FROM: 'Portaal <noreply@portaal.example>' }).mailFrom).toContain('Portaal');
    const production = { DEPLOYMENT: 'production', OIDC_ISSUER: 'https://login.example/realms/so/' };
    expect(settings(production).oidcJwksUrl).toBe('https://login.example/realms/so/protocol/openid-connect/certs');
  });

  it('says in a sentence that a folder or the file of the clock cannot be used', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'settings-'));
    const make = (env: Record<string, string>) => makeFolders(settings({ DATA_DIR: folder, ...env }));
    const inFile = path.join(__filename, 'x');
    expect(() => make({ DATA_DIR: __filename })).toThrow(/^DATA_DIR .* cannot be made, read or written/);
    expect(() => make({ MAIL_DIR: inFile })).toThrow(/^MAIL_DIR .* cannot be made, read or written \(ENOTDIR\)/);
    expect(() => make({ CLOCK_FILE: inFile })).toThrow(/^CLOCK_FILE .* cannot be read or written/);
    expect(() => make({ CLOCK_FILE: folder })).toThrow(/^CLOCK_FILE .*EISDIR/);
    make({ MAIL_DIR: path.join(folder, 'mails'), CLOCK_FILE: path.join(folder, 'clock') });
    make({ CLOCK_FILE: inFile, DEPLOYMENT: 'production', OIDC_ISSUER: 'https://login.example' });
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['KAFKA_BROKER', 'KAFKA_BROKERS'],
    ['KAFKA_BROKERS_FILE', 'KAFKA_BROKERS'],
    ['KAFKA_USER', 'KAFKA_USERNAME'],
    ['KAFKA_PASS', 'KAFKA_PASSWORD'],
    ['EVENTSTOREDB_URL_FIL', 'EVENTSTOREDB_URL_FILE'],
    ['EVENTSTOREDB_URI', 'EVENTSTOREDB_URL'],
    ['MONGODB_URI', 'MONGODB_URL'],
    ['MAIL_FORM', 'MAIL_FROM'],
    ['OIDC_ISUER', 'OIDC_ISSUER'],
    ['TRUSTED_PROXYS', 'TRUSTED_PROXIES'],
    ['ENGINES_WAIT_SECOND', 'ENGINES_WAIT_SECONDS'],
  ])('refuses %s, which nobody reads, and asks for %s', (name, meant) => {
    expect(() => settings({ [name]: 'x' })).toThrow(new SettingsError(`${name} is no setting: is ${meant} meant?`));
    expect(() => settings({ [name]: '' })).not.toThrow();
  });

  it('leaves alone what is nearly one of ours while ours is set: an orchestrator or a chart may set it for others', () => {
    const set = { MONGODB_URL: 'mongodb://one:27017/?replicaSet=rs' };
    expect(() => settings({ ...set, MONGODB_URI: 'x' })).not.toThrow();
    expect(() => settings({ MONGODB_URI: 'x' })).toThrow('is MONGODB_URL meant?');
  });

  it('leaves alone what others put into the environment', () => {
    const injected = {
      KAFKA_PORT: 'tcp://10.0.0.1:9092',
      KAFKA_PORT_9092_TCP_ADDR: '10.0.0.1',
      KAFKA_SERVICE_HOST: '10.0.0.1',
      KAFKA_BROKERS_SERVICE_PORT: '9092',
      KAFKA_BROKERS_PORT: 'tcp://10.0.0.1:9092',
      MONGODB_PORT_27017_TCP: 'tcp://10.0.0.1:27017',
      MONGODB_URL_PORT: 'tcp://10.0.0.1:27017',
      SMTP_PORT: 'tcp://10.0.0.1:25',
    };
    const others = ['KAFKA_HEAP_OPTS', 'KAFKA_OPTS', 'KAFKA_HOME', 'MONGODB_DATABASE', 'MONGODB_USER', 'SMTP_USER'];
    const more = [
      'SMTP_HOST',
      'MAIL_HOST',
      'MAIL',
      'MAILTO',
      'OIDC_CLIENT_ID',
      'METRICS_ENABLED',
      'MONGODB_ROOT_PASSWORD',
    ];
    const set = Object.fromEntries([...others, ...more].map((name) => [name, 'x']));
    expect(settings({ ...injected, ...set }).engines).toEqual(settings({}).engines);
  });

  it('takes the address of a Service called metrics for no port of its own, since nobody has set it', () => {
    const injected = {
      METRICS_PORT: 'tcp://10.0.0.1:9464',
      METRICS_PORT_9464_TCP: 'tcp://10.0.0.1:9464',
      METRICS_PORT_9464_TCP_PROTO: 'tcp',
      METRICS_PORT_9464_TCP_PORT: '9464',
      METRICS_PORT_9464_TCP_ADDR: '10.0.0.1',
      METRICS_SERVICE_HOST: '10.0.0.1',
      METRICS_SERVICE_PORT: '9464',
      METRICS_SERVICE_PORT_HTTP: '9464',
      PORT_PORT: 'tcp://10.0.0.1:80',
    };
    expect(settings(injected).metrics).toBeUndefined();
    expect(settings({ ...injected, METRICS_PORT: 'tcp://[fd00::1]:9464' }).metrics).toBeUndefined();
    expect(() => settings({ ...injected, METRICS_HOST: '0.0.0.0' })).toThrow(/^METRICS_HOST says/);
    expect(() => settings({ METRICS_PORT: '10.0.0.1:9464' })).toThrow(/^METRICS_PORT must be/);
  });

  it('chooses engines by the presence of their addresses, and SQLite where there is none', () => {
    expect(settings({}).engines).toMatchObject({ eventStoreDb: undefined, kafka: undefined, mongoDb: undefined });
    const engines = {
      EVENTSTOREDB_URL: 'esdb://127.0.0.1:2113?tls=false',
      KAFKA_BROKERS: 'kafka-1:9092, kafka-2:9092',
      MONGODB_URL: 'mongodb://one:27017,two:27017/?replicaSet=rs0',
    };
    expect(settings(engines).engines).toMatchObject({
      eventStoreDb: engines.EVENTSTOREDB_URL,
      kafka: { brokers: ['kafka-1:9092', 'kafka-2:9092'], ssl: false },
      mongoDb: engines.MONGODB_URL,
    });
  });

  it('logs in to Kafka by the mechanism that it is told, and else by the one of the brokers here', () => {
    expect(settings(LOGIN).engines.kafka).toMatchObject({ username: 'intake', password: 'pass' });
    expect(settings(LOGIN).engines.kafka).not.toHaveProperty('mechanism');
    for (const mechanism of ['plain', 'scram-sha-256', 'scram-sha-512'])
      expect(settings({ ...LOGIN, KAFKA_SASL_MECHANISM: mechanism }).engines.kafka).toMatchObject({ mechanism });
  });

  it('believes no proxy unless told which, and never everybody', () => {
    expect(settings({}).trustedProxies).toEqual([]);
    const listed = '10.0.0.1, 10.4.0.0/16,fd00::/8,uniquelocal';
    expect(settings({ TRUSTED_PROXIES: listed }).trustedProxies).toEqual([
      '10.0.0.1',
      '10.4.0.0/16',
      'fd00::/8',
      'uniquelocal',
    ]);
    for (const wrong of ['true', '1', '*', '0.0.0.0/0', '::/0', '10.0.0.0/33', 'gateway', '10.0.0.1,', '10.0.0.0/8/8'])
      expect(() => settings({ TRUSTED_PROXIES: wrong })).toThrow(/^TRUSTED_PROXIES/);
  });

  it.each<[string, string, Record<string, string>?]>([
    ['EVENTSTOREDB_URL', 'http://127.0.0.1:2113'],
    ['MONGODB_URL', '127.0.0.1:27017'],
    ['KAFKA_BROKERS', 'kafka://one'],
    ['KAFKA_USERNAME', 'intake', { KAFKA_BROKERS: 'one:9092' }],
    ['KAFKA_USERNAME', 'intake'],
    ['KAFKA_PASSWORD_FILE', '/run/secrets/kafka'],
    ['KAFKA_SSL', 'true'],
    ['OIDC_JWKS_URL', 'https://login.example/keys'],
    ['KAFKA_SASL_MECHANISM', 'scram-sha-256', { KAFKA_BROKERS: 'one:9092' }],
    ['KAFKA_SASL_MECHANISM', 'gssapi', LOGIN],
    ['KAFKA_SASL_MECHANISM', 'plain', { ...LOGIN, KAFKA_SSL: 'false' }],
    ['MONGODB_URL_FILE', '/nowhere/at-all'],
    ['SMTP_URL_FILE', '/nowhere/at-all'],
    ['DRAIN_SECONDS', '0'],
    ['NAMESPACE', 'North.1'],
    ['NAMESPACE', 'records'],
    ['NAMESPACE', 'north', { DEPLOYMENT: 'production', OIDC_ISSUER: 'https://login.example' }],
  ])('refuses %s=%s and names it', (name, value, more = {}) => {
    expect(() => settings({ ...more, [name]: value })).toThrow(new RegExp(`^${name}`));
  });

  it('reads a secret from its file, and never says what it holds', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'settings-'));
    const file = path.join(folder, 'mongodb-url');
    writeFileSync(file, 'mongodb://user:pass@one:27017/\n');
    expect(settings({ MONGODB_URL_FILE: file }).engines.mongoDb).toBe('mongodb://user:pass@one:27017/');
    writeFileSync(file, 'pass-word');
    expect(() => settings({ MONGODB_URL_FILE: file })).toThrow(/^MONGODB_URL must be(?!.*pass-word)/);
    const mail = path.join(folder, 'smtp-url');
    writeFileSync(mail, 'smtps://portal:pass-word@mail.example\n');
    expect(settings({ SMTP_URL_FILE: mail }).smtpUrl).toBe('smtps://portal:pass-word@mail.example');
    for (const wrong of ['\n', 'portal:pass-word@mail.example']) {
      writeFileSync(mail, wrong);
      expect(() => settings({ SMTP_URL_FILE: mail })).toThrow(/^SMTP_URL must be(?!.*pass-word)/);
    }
    rmSync(folder, { recursive: true });
  });
});
