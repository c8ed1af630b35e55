// A gate before a server, at which a request can be held up.

import { createServer, request as ask } from 'node:http';

/**
 * Starts a gate before the server at `upstream`. `hold(wanted)` holds the next request that `wanted`
 * is true of: `arrived` comes with it, and it goes on with `release()`.
 */
export async function startGate(upstream) {
  const holds = [];
  const server = createServer(async (request, response) => {
    const at = holds.findIndex(({ wanted }) => wanted(request));
    if (at >= 0) {
      const [{ arrive, released }] = holds.splice(at, 1);
      arrive();
      await released;
    }
    // With its own `Host`, by which the server names where an upload goes on.
    const { method, url, headers } = request;
    const forward = ask(upstream + url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    forward.on('error', () => response.destroy());
    request.pipe(forward);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const hold = (wanted) => {
    let arrive, release;
    const arrived = new Promise((resolve) => { arrive = resolve; });
    const released = new Promise((resolve) => { release = resolve; });
    holds.push({ wanted, arrive, released });
    return { arrived, release };
  };
  const stop = () => new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${server.address().port}`, hold, stop };
}
