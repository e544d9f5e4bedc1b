import { createRequire } from 'node:module';

/** Queue of the requests to one broker, as far as it is changed here. */
interface Queue {
  /** pending: what a broker that is asked too much has wait. */
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests: (this: Queue) => void;
}

/**
 * kafkajs 2.2.4, its last version, looks at the queue of each connection every millisecond, though nothing waits there, and where an answer comes
 * after the end of a connection it never stops: that keeps a process from ending and costs twelve idle groups 6 % of a processor. Here it
 * looks only while something waits.
 */
const { prototype } = createRequire(__filename)('kafkajs/src/network/requestQueue') as { readonly prototype: Queue };
const { scheduleCheckPendingRequests: schedule } = prototype;
prototype.scheduleCheckPendingRequests = function () {
  if (this.pending.length > 0) schedule.call(this);
};
