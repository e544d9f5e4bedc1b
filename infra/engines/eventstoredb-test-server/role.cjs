'use strict';
/** Whether this server leads, and how calls are refused while it does not: as a node of a cluster refuses them. */
const { status } = require('@grpc/grpc-js');
const { VNodeState } = require('@eventstore/db-client/generated/gossip_pb').MemberInfo;
const { failure } = require('./messages.cjs');

const NOT_READY = 'Server Is Not Ready';
/** A follower gives up so long after it has forwarded a write to a leader that does not answer. */
const FORWARDING_MS = 4_300;

/**
 * Role is what a node is in its cluster: the leader, without a leader (an election goes on), or the follower of a leader elsewhere. It
 * begins as the leader. Calls under way go on in a new role, and so do subscriptions that have caught up: they only have nothing to tell.
 */
class Role {
  #leader = 'self';

  /** lead: this node was elected. */
  lead() {
    this.#leader = 'self';
  }

  /** resign: nobody leads. */
  resign() {
    this.#leader = undefined;
  }

  /** follow a leader elsewhere, `{ host, port }`. */
  follow(leader) {
    this.#leader = leader;
  }

  /** members of the cluster for gossip: this node on its port, and the leader elsewhere that it knows of. */
  members(port) {
    const self = { host: '127.0.0.1', port };
    if (this.#leader === 'self') return [{ ...self, state: VNodeState.LEADER }];
    if (!this.#leader) return [{ ...self, state: VNodeState.UNKNOWN }];
    return [
      { ...self, state: VNodeState.FOLLOWER },
      { ...this.#leader, state: VNodeState.LEADER },
    ];
  }

  /** refusedRead gives why this call may not read here, or undefined. Without `requires-leader` every node reads for everybody. */
  refusedRead(call) {
    if (this.#leader === 'self' || !requiresLeader(call)) return undefined;
    return this.#leader ? notLeader(this.#leader) : failure(status.UNAVAILABLE, NOT_READY);
  }

  /** refusedWrite gives why this call may not write here, or undefined: what it asks for decides only where there is a leader. */
  async refusedWrite(call) {
    if (this.#leader === 'self') return undefined;
    if (!this.#leader) return failure(status.UNAVAILABLE, NOT_READY);
    if (requiresLeader(call)) return notLeader(this.#leader);
    await new Promise((resolve) => setTimeout(resolve, FORWARDING_MS).unref());
    return failure(status.ABORTED, 'Operation timed out: Forwarding timeout');
  }
}

const requiresLeader = (call) => call.metadata.get('requires-leader')[0] === 'true';

const notLeader = ({ host, port }) =>
  failure(status.NOT_FOUND, 'Leader info available', 'not-leader', {
    'leader-endpoint-host': host,
    'leader-endpoint-port': port,
  });

module.exports = { Role };
