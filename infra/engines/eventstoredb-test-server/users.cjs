'use strict';
/** The users of a server that has some: kept in its log, as a real server keeps them, and changed over HTTP. */
const { pbkdf2Sync, randomBytes, randomUUID, timingSafeEqual } = require('node:crypto');

const ADMINS = '$admins';
const NONE = Buffer.alloc(0);

/**
 * Users are opened on a log, in which `admin` and `ops` are made when it has none. `whoIs` tells who a call is by its `authorization`: `{ name, groups }`, `nobody`
 * without one, and undefined when it is refused (unknown, disabled, or another password).
 */
class Users {
  #log;
  /** verified: what was found right once, until a user changes. */
  #verified = new Map();

  /** open with the first passwords of those two. */
  static async open(log, passwords) {
    const users = new Users(log);
    for (const { password, ...user } of [
      { loginName: 'admin', fullName: 'Event Store Administrator', groups: [ADMINS], password: passwords.admin },
      { loginName: 'ops', fullName: 'Event Store Operations', groups: ['$ops'], password: passwords.ops },
    ])
      if (!users.#find(user.loginName)) await users.#make(user, password);
    return users;
  }

  constructor(log) {
    this.#log = log;
  }

  whoIs(authorization) {
    if (authorization === undefined) return 'nobody';
    if (!this.#verified.has(authorization)) this.#verified.set(authorization, this.#verify(authorization));
    return this.#verified.get(authorization);
  }

  /** answer gives `{ status, body }` to a request about users, and undefined to any other. */
  async answer(request) {
    const [, path, login, command] = /^\/(users)\/?(?:([^/]+)(?:\/command\/([^/]+))?)?$/.exec(request.url) ?? [];
    if (!path) return undefined;
    const who = this.whoIs(request.headers.authorization);
    const mayRead = request.method === 'GET' && who?.name === login;
    if (!who || who === 'nobody' || !(mayRead || isAdmin(who))) return { status: 401 };
    const asked = `${request.method} ${login === undefined ? 'users' : command === undefined ? 'user' : command}`;
    const answers = {
      'GET user': () => this.#shown(login),
      'POST users': async () => this.#created(await bodyOf(request)),
      'POST reset-password': async () => this.#reset(login, await bodyOf(request)),
    };
    return (await answers[asked]?.()) ?? { status: 404 };
  }

  #shown(login) {
    const user = this.#find(login);
    if (!user) return failed(404, 'NotFound');
    const { loginName, fullName, groups, disabled } = user;
    return { status: 200, body: { data: { loginName, fullName, groups, disabled }, success: true, error: 'Success' } };
  }

  async #created({ loginName, fullName, groups, password }) {
    const there = this.#find(loginName);
    if (there) return isRight(there, password) ? done(loginName, 200) : failed(409, 'Conflict');
    await this.#make({ loginName, fullName, groups }, password);
    return done(loginName, 201);
  }

  async #reset(login, { newPassword }) {
    const user = this.#find(login);
    if (!user) return failed(404, 'NotFound');
    await this.#write(streamOf(login), '$UserUpdated', { ...user, ...hashed(newPassword) });
    return done(login, 200);
  }

  async #make({ loginName, fullName, groups }, password) {
    const stream = streamOf(loginName);
    await this.#write(`$$${stream}`, '$metadata', { $acl: { $w: ADMINS, $d: ADMINS, $mw: ADMINS } });
    await this.#write(stream, '$UserCreated', { loginName, fullName, ...hashed(password), disabled: false, groups });
    await this.#write('$users', '$User', loginName);
  }

  async #write(stream, type, data) {
    const text = typeof data === 'string' ? data : JSON.stringify(data);
    const contentType = typeof data === 'string' ? 'application/octet-stream' : 'application/json';
    this.#log.append(stream, 'any', [{ id: randomUUID(), type, contentType, data: Buffer.from(text), metadata: NONE }]);
    await this.#log.settled();
    this.#verified.clear();
  }

  #find(login) {
    return this.#log.newestOf(streamOf(login));
  }

  #verify(authorization) {
    const [, encoded] = /^Basic (.+)$/.exec(authorization) ?? [];
    const [, name, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString('utf8')) ?? [];
    const user = name === undefined ? undefined : this.#find(name);
    return user && !user.disabled && isRight(user, password) ? { name, groups: user.groups } : undefined;
  }
}

/** isAdmin may do everything. */
const isAdmin = ({ name, groups }) => [name, ...groups].includes(ADMINS);

const streamOf = (login) => `$user-${login}`;
const done = (loginName, status) => ({ status, body: { loginName, success: true, error: 'Success' } });
const failed = (status, error) => ({ status, body: { success: false, error } });

function hashed(password, salt = randomBytes(16)) {
  const hash = pbkdf2Sync(password, salt, 1_000, 20, 'sha1');
  return { salt: salt.toString('base64'), hash: hash.toString('base64') };
}

function isRight({ salt, hash }, password) {
  const other = hashed(password, Buffer.from(salt, 'base64')).hash;
  return timingSafeEqual(Buffer.from(hash), Buffer.from(other));
}

const bodyOf = async (request) => JSON.parse(Buffer.concat(await request.toArray()).toString('utf8'));

module.exports = { Users, isAdmin };
