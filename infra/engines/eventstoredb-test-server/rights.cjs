'use strict';
/** Who may do what with which stream: lists of rights as a real server takes them from `$settings` and from the stream's own metadata. */
const { status } = require('@grpc/grpc-js');
const { failure } = require('./messages.cjs');
const { isAdmin } = require('./users.cjs');

const SETTINGS = '$settings';
const EVERYBODY = '$all';
const METADATA = /^\$\$/;
const ACTIONS = { read: '$r', write: '$w', delete: '$d' };
/** What is asked of the metadata of a stream is asked of the stream that it is about; it cannot be deleted. */
const ACTIONS_ON_METADATA = { read: '$mr', write: '$mw' };

const unauthenticated = () => failure(status.UNAUTHENTICATED, 'Unauthenticated');
const denied = () => failure(status.PERMISSION_DENIED, 'Access Denied', 'access-denied');

/** Rights over the streams of this log, for its users. */
class Rights {
  #log;
  #users;

  constructor(log, users) {
    this.#log = log;
    this.#users = users;
  }

  /** refusedCall gives why a call is not taken at all, or undefined. */
  refusedCall(call) {
    return this.#whoMakes(call) ? undefined : unauthenticated();
  }

  /** refused gives why this call may not `read`, `write` or `delete` the stream (`$all`: the whole log), or undefined. */
  refused(call, action, stream) {
    const who = this.#whoMakes(call);
    if (!who) return unauthenticated();
    if (who === 'nobody') return denied();
    if (stream === EVERYBODY && action !== 'read') return denied();
    if (isAdmin(who)) return undefined;
    const right = (METADATA.test(stream) ? ACTIONS_ON_METADATA : ACTIONS)[action];
    const allowed = right ? this.#allowed(stream.replace(METADATA, ''), right) : [];
    const is = [EVERYBODY, who.name, ...who.groups];
    return allowed.some((role) => is.includes(role)) ? undefined : denied();
  }

  #whoMakes(call) {
    return this.#users.whoIs(call.metadata.get('authorization')[0]?.toString());
  }

  /** allowed: the first list that says something of this right counts: the stream's own, that of `$settings`, the server's. */
  #allowed(stream, right) {
    const isSystem = stream.startsWith('$');
    const settings = this.#log.newestOf(SETTINGS) ?? {};
    const lists = [
      this.#log.streams.get(stream)?.metadata.$acl,
      isSystem ? settings.$systemStreamAcl : settings.$userStreamAcl,
    ];
    const said = lists.map((list) => list?.[right]).find((roles) => roles !== undefined && roles !== null);
    return [said ?? (isSystem ? '$admins' : EVERYBODY)].flat();
  }
}

/** ALL_RIGHTS: of a server without users everybody may do everything. */
const ALL_RIGHTS = { refusedCall: () => undefined, refused: () => undefined };

module.exports = { ALL_RIGHTS, Rights };
