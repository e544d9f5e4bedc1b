/** Who may depend on whom: by type (what a project is) and by scope (which one it is). A project obeys every line that names a tag of its. */
const types = (sourceTag, ...onlyDependOnLibsWithTags) => ({ sourceTag, onlyDependOnLibsWithTags });

/** PROJECT_TYPES are all there are; the tags check fails on any other. */
export const PROJECT_TYPES = [
  'kernel',
  'contracts',
  'rules',
  'adapter',
  'port',
  'nest',
  'context',
  'service',
  'app',
  'e2e',
];

const CONTEXT_MAY = ['type:kernel', 'type:contracts', 'type:rules', 'type:port', 'type:nest'];
const FRAMEWORK = ['@nestjs/*', '@fastify/*', 'fastify', 'class-validator', 'class-transformer', 'nestjs-pino'];
/** BENEATH every port: the kernel, and the clients that its adapters share. */
const BENEATH = ['scope:kernel', 'scope:sqlite', 'scope:mongodb'];
const ENGINES = ['mongodb', 'kafkajs', '@eventstore/*', '@kurrent/*', 'nodemailer'];

export const depConstraints = [
  types('type:kernel'),
  types('type:contracts', 'type:kernel'),
  types('type:rules', 'type:kernel'),
  types('type:adapter', 'type:kernel'),
  types('type:port', 'type:kernel', 'type:adapter', 'type:rules', 'type:port'),
  types('type:nest', 'type:kernel', 'type:contracts', 'type:rules', 'type:port', 'type:adapter'),
  types('type:context', ...CONTEXT_MAY),
  // What every program is made of: it chooses the adapters, and knows no context.
  types('type:service', ...CONTEXT_MAY, 'type:adapter'),
  types('type:app', ...CONTEXT_MAY, 'type:adapter', 'type:context', 'type:service'),
  types('type:e2e', ...CONTEXT_MAY, 'type:adapter', 'type:context', 'type:service', 'type:app'),
  // A port stands alone; only the vault asks for access and writes the access log, and only the bus parks in rows of the view store.
  ...['event-store', 'view-store', 'document-store', 'access-log'].map((port) =>
    types(`scope:${port}`, `scope:${port}`, ...BENEATH),
  ),
  types('scope:message-bus', 'scope:message-bus', 'scope:view-store', ...BENEATH),
  types('scope:vault', 'scope:vault', 'scope:access', 'scope:access-log', ...BENEATH),
  ...['type:kernel', 'type:contracts', 'type:rules', 'type:port', 'type:adapter'].map((sourceTag) => ({
    sourceTag,
    bannedExternalImports: FRAMEWORK,
  })),
  ...['type:kernel', 'type:contracts', 'type:rules', 'type:nest'].map((sourceTag) => ({
    sourceTag,
    bannedExternalImports: ENGINES,
  })),
];
