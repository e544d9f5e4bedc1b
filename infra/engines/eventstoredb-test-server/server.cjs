'use strict';
/** One port for both: gRPC, and HTTP for whoever waits for the server or holds elections. */
const { randomUUID } = require('node:crypto');
const http = require('node:http');
const http2 = require('node:http2');
const net = require('node:net');
const tls = require('node:tls');
const grpc = require('@grpc/grpc-js');
const Features = require('@eventstore/db-client/generated/serverfeatures_pb');
const { ServerFeaturesService } = require('@eventstore/db-client/generated/serverfeatures_grpc_pb');
const Gossip = require('@eventstore/db-client/generated/gossip_pb');
const { GossipService } = require('@eventstore/db-client/generated/gossip_grpc_pb');
const Shared = require('@eventstore/db-client/generated/shared_pb');
const { StreamsService } = require('@eventstore/db-client/generated/streams_grpc_pb');
const { elections } = require('./elections.cjs');
const { EventLog } = require('./event-log.cjs');
const { Journal } = require('./journal.cjs');
const { sizes } = require('./messages.cjs');
const { reads } = require('./reads.cjs');
const { ALL_RIGHTS, Rights } = require('./rights.cjs');
const { Role } = require('./role.cjs');
const { Users } = require('./users.cjs');
const { writes } = require('./writes.cjs');

/** The version whose behaviour this server has. */
const VERSION = '23.10.0';
const METHODS = ['Append', 'BatchAppend', 'Delete', 'Read', 'Tombstone'];
const LARGEST_MESSAGE = 17 * 1024 * 1024;
/** What an HTTP/2 connection begins with. */
const HTTP2_PREFACE = 0x50;

/**
 * serve opens the log in `folder` and serves it on `port` (0 for any) of `host`, the loopback address unless told otherwise; `port` says which. It leads, and with
 * `withElections` whoever asks over HTTP can change that. With `secured` (`certificate`, `key`, and the first `passwords` of `admin` and
 * `ops`) it speaks TLS only and has users and rights; without, it is insecure. `newer` servers count all of an append, and do not drop slow
 * subscribers. `stop` cuts calls off as a server that is shut down does, and
 * leaves the log closed.
 */
async function serve({
  folder,
  port = 0,
  host = '127.0.0.1',
  withElections = false,
  secured,
  newer = false,
  maxAppendSize,
}) {
  const journal = new Journal(folder);
  const log = new EventLog(journal);
  const role = new Role();
  const users = secured && (await Users.open(log, secured.passwords));
  const rights = users ? new Rights(log, users) : ALL_RIGHTS;
  const node = { role, rights, newer, sizes: sizes({ newer, maxAppendSize }) };
  const streams = new Set();
  const grpcServer = new grpc.Server({ 'grpc.max_receive_message_length': LARGEST_MESSAGE });
  grpcServer.addService(StreamsService, { ...writes(log, node), ...reads(log, node) });
  grpcServer.addService(ServerFeaturesService, { getSupportedMethods: supportedMethods });
  const injector = grpcServer.createConnectionInjector(grpc.ServerCredentials.createInsecure());
  for (const http2Server of grpcServer.http2Servers.keys())
    http2Server.on('stream', (stream) => {
      streams.add(stream);
      stream.once('close', () => streams.delete(stream));
    });
  const held = withElections ? elections(role, log) : () => undefined;
  const health = http.createServer(async (request, response) => {
    const status = await held(request);
    if (status) return response.writeHead(status).end();
    const answered = await users?.answer(request);
    if (answered) return response.writeHead(answered.status).end(answered.body && JSON.stringify(answered.body));
    response.writeHead(request.method === 'GET' && request.url.startsWith('/health/live') ? 204 : 404).end();
  });
  const sockets = new Set();
  const taken = (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
    socket.once('readable', () => {
      const first = socket.read();
      if (first === null) return;
      socket.unshift(first);
      if (first[0] === HTTP2_PREFACE && first[1] === 0x52) injector.injectConnection(socket);
      else health.emit('connection', socket);
    });
  };
  const listener = secured
    ? tls.createServer({ cert: secured.certificate, key: secured.key, ALPNProtocols: ['h2', 'http/1.1'] }, taken)
    : net.createServer(taken);
  await new Promise((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(port, host, resolve);
  });
  const address = listener.address();
  grpcServer.addService(GossipService, { read: gossip(role, address.port) });
  return {
    port: address.port,
    log,
    async stop() {
      listener.close();
      for (const stream of streams) stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
      await log.settled();
      await new Promise((resolve) => setTimeout(resolve, 20));
      grpcServer.forceShutdown();
      for (const socket of sockets) socket.destroy();
      journal.close();
    },
  };
}

function supportedMethods(_call, callback) {
  const methods = METHODS.map((name) =>
    new Features.SupportedMethod()
      .setServiceName('event_store.client.streams.Streams')
      .setMethodName(name.toLowerCase()),
  );
  callback(null, new Features.SupportedMethods().setEventStoreServerVersion(VERSION).setMethodsList(methods));
}

/** gossip: who is in the cluster, for clients that look for the leader. */
const gossip = (role, port) => (_call, callback) => {
  const members = role
    .members(port)
    .map((member) =>
      new Gossip.MemberInfo()
        .setInstanceId(new Shared.UUID().setString(randomUUID()))
        .setTimeStamp(String(Date.now()))
        .setState(member.state)
        .setIsAlive(true)
        .setHttpEndPoint(new Gossip.EndPoint().setAddress(member.host).setPort(member.port)),
    );
  callback(null, new Gossip.ClusterInfo().setMembersList(members));
};

module.exports = { serve };
