/** What a test changes in docker-compose.yml: engines that run beside the containers, on the network of the machine itself. */
import { CONTEXTS } from '../rights.mjs';

/**
 * override gives the text of the override file: the engines at `urls`, the services at `ports`, and one folder that all of them and the
 * test share. Everything that an image promises (user, read-only file system, time to stop) stays as it is deployed.
 */
export function override({ urls, ports, shared }) {
  return ['services:', ...CONTEXTS.map((context) => service(context, { urls, port: ports[context], shared }))].join(
    '\n',
  );
}

function service(context, { urls, port, shared }) {
  const environment = {
    // One machine has a port once.
    ...{ DEPLOYMENT: 'test', HOST: '127.0.0.1', PORT: String(port), METRICS_PORT: '', DATA_DIR: '/shared' },
    ...urls,
    ...{ EVENTSTOREDB_URL_FILE: '', MONGODB_URL_FILE: '' },
    ...{ KAFKA_USERNAME: '', KAFKA_PASSWORD_FILE: '', KAFKA_SSL: 'false' },
    ...{ OIDC_ISSUER: '', OIDC_JWKS_URL: '', NODE_EXTRA_CA_CERTS: '', LOG_LEVEL: 'warn' },
    ...(context === 'notification' ? { SMTP_URL: '' } : {}),
  };
  // Its files are shared with whoever runs the test; as root they are readable anyhow, and the image's own user is what is tested.
  const uid = process.getuid?.() ?? 0;
  const user = uid === 0 ? '' : `\n    user: '${uid}:${process.getgid()}'`;
  const lines = Object.entries(environment).map(([name, value]) => `      ${name}: ${JSON.stringify(value)}`);
  return `  ${context}:
    image: second-opinion-test/${context}
    build: { network: host }
    network_mode: host
    networks: !reset []
    depends_on: !reset {}
    restart: 'no'${user}
    volumes: [${JSON.stringify(`${shared}:/shared`)}]
    environment:
${lines.join('\n')}
`;
}
