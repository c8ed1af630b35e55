// A server for tests as a process of its own. It ends with the tests, however those end.

import { spawn } from 'node:child_process';
import { createServer, connect } from 'node:net';
import { createInterface } from 'node:readline';

const READY_WITHIN_MS = 30_000;

// Says the server's process id, and ends the server with its own input, also one that was stopped.
// The input comes first, since a shell gives none to what it starts in the background.
const GUARDIAN = 'exec 3<&0; sh -c \'echo $$; exec "$@"\' sh "$@" <&3 & cat >/dev/null; kill -9 $!; wait';

/** A port of this machine that nobody listens on. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/**
 * Starts a program; returns once something listens on `port`, or else on the port that the program's
 * first line names.
 */
export async function startProcess(program, args, port = null) {
  const guardian = spawn('sh', ['-c', GUARDIAN, 'sh', program, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  const gone = new Promise((resolve) => guardian.once('exit', resolve));
  const end = async () => { guardian.stdin.end(); await gone; };
  let said = '';
  guardian.stderr.setEncoding('utf8').on('data', (text) => { said += text; });
  const inTime = (work) => within(READY_WITHIN_MS, () => said, work);
  try {
    const [id, itsPort] = await inTime(firstLines(guardian.stdout, port ? 1 : 2));
    const listensOn = port ?? Number(itsPort);
    await inTime(listening(listensOn));
    const signal = (name) => process.kill(Number(id), name);
    return {
      port: listensOn,
      /** It still accepts connections, and answers nothing. */
      pause: () => signal('SIGSTOP'),
      goOn: () => signal('SIGCONT'),
      /** As a crash ends it, whether it is stopped or not. */
      end,
    };
  } catch (error) {
    await end();
    throw new Error(`${program} did not start: ${error.message}`);
  }
}

function firstLines(stream, count) {
  const lines = createInterface({ input: stream });
  const seen = [];
  return new Promise((resolve) => {
    lines.on('line', (line) => { if (seen.push(line) === count) resolve(seen); });
  });
}

async function listening(port) {
  for (;;) {
    const up = await new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
      socket.once('error', () => resolve(false));
    });
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function within(milliseconds, said, work) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing within ${milliseconds} ms\n${said()}`)), milliseconds);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
