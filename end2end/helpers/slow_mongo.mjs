// A way to MongoDB that can be slow: the answers to queries alone, or everything.

import { connect, createServer } from 'node:net';

const HEADER = 16;
const OP_MSG = 2013;
// A message's flags, and the kind of its first section.
const BEFORE_THE_DOCUMENT = HEADER + 4 + 1;
const QUERIES = ['find', 'aggregate', 'getMore'];

/**
 * Starts a way to `port`. Nothing is held back until one is asked for: `queries(ms)` or
 * `everything(ms)` later, or no query at all from `hold()` on; `release()` ends each of them.
 */
export async function startSlowMongo(port) {
  const sockets = new Set();
  let isHeld = () => false, wait = async () => {}, release = () => {};
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    const asked = new Map();
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => { client.destroy(); upstream.destroy(); sockets.delete(socket); });
    }
    messages(client, (message) => {
      asked.set(message.readInt32LE(4), isQuery(message));
      upstream.write(message);
    });
    // One after the other, in the order in which they came.
    let last = Promise.resolve();
    messages(upstream, (message) => {
      const held = isHeld(asked.get(message.readInt32LE(8)) ?? false);
      asked.delete(message.readInt32LE(8));
      const waited = held ? wait() : null;
      last = last.then(() => waited).then(() => client.write(message));
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const later = (ms) => () => new Promise((resolve) => setTimeout(resolve, ms));
  return {
    env: { MONGODB_URI: `mongodb://127.0.0.1:${server.address().port}` },
    queries: (ms) => { isHeld = (query) => query; wait = later(ms); },
    everything: (ms) => { isHeld = () => true; wait = later(ms); },
    hold: () => {
      const released = new Promise((resolve) => { release = resolve; });
      isHeld = (query) => query;
      wait = () => released;
    },
    release: () => { isHeld = () => false; release(); },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Calls `take` with each whole message that comes. */
function messages(socket, take) {
  let rest = Buffer.alloc(0);
  socket.on('data', (data) => {
    rest = Buffer.concat([rest, data]);
    while (rest.length >= HEADER && rest.length >= rest.readInt32LE(0)) {
      const length = rest.readInt32LE(0);
      take(rest.subarray(0, length));
      rest = rest.subarray(length);
    }
  });
}

function isQuery(message) {
  if (message.readInt32LE(12) !== OP_MSG) return false;
  // The document's length and the kind of its first field come before the command's name.
  const name = BEFORE_THE_DOCUMENT + 4 + 1;
  return QUERIES.includes(message.toString('latin1', name, message.indexOf(0, name)));
}
