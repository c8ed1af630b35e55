// MongoDB, Redis and Cloud Storage, or servers that speak their protocols; `make servers` installs them.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, startProcess } from './process.mjs';
import { ROOT } from './server.mjs';

const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'shopstream-dashboard');
const MONGO_JARS = join(CACHE, 'mongo-java-server-1.47.0');
const FAKE_GCS = join(CACHE, 'fake-gcs-server-1.55.1/fake-gcs-server');
const BUCKET = 'shopstream-archive';

/** What is missing here, in words; empty if nothing is. */
export function missingStores() {
  return [
    !onPath('mongod') && !(onPath('javac') && existsSync(MONGO_JARS)) && 'mongod or mongo-java-server 1.47.0',
    !onPath('redis-server') && 'redis-server',
    !existsSync(FAKE_GCS) && 'fake-gcs-server 1.55.1',
  ].filter(Boolean).join(', ');
}

/** Starts all three, empty but for a bucket. `stop` ends them, in whatever state they are. */
export async function startStores() {
  const folder = await mkdtemp(join(tmpdir(), 'dashboard-stores-'));
  const started = {};
  const stop = async () => {
    await Promise.all(Object.values(started).map((server) => server.end()));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const start = async (name, begin) => { started[name] = await begin(); };
    const starting = await Promise.allSettled([
      start('mongo', () => startMongo(folder)),
      start('redis', async () => startRedis(folder, await freePort())),
      start('gcs', async () => startGcs(await freePort())),
    ]);
    const failed = starting.find(({ status }) => status === 'rejected');
    if (failed) throw failed.reason;
    const endpoint = `http://127.0.0.1:${started.gcs.port}`;
    const created = await fetch(`${endpoint}/storage/v1/b?project=test`, json('POST', { name: BUCKET }));
    if (!created.ok) throw new Error(`the bucket could not be made: ${created.status}`);
    return {
      ...started,
      bucket: bucket(endpoint),
      /** What the dashboard is told. */
      env: {
        MONGODB_URI: `mongodb://127.0.0.1:${started.mongo.port}`,
        REDIS_HOST: '127.0.0.1',
        REDIS_PORT: String(started.redis.port),
        GCS_BUCKET_NAME: BUCKET,
        STORAGE_EMULATOR_HOST: endpoint,
      },
      /** Sends a command to Redis, as another program would. */
      askRedis: async (...words) => {
        const port = String(started.redis.port);
        return (await promisify(execFile)('redis-cli', ['-p', port, ...words])).stdout.trimEnd();
      },
      /** Redis again, empty, where it was before. */
      startRedisAgain: async () => { started.redis = await startRedis(folder, started.redis.port); },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startMongo(folder) {
  if (onPath('mongod')) {
    const port = await freePort();
    return startProcess('mongod', ['--dbpath', folder, '--bind_ip', '127.0.0.1', '--port', String(port)], port);
  }
  // It says which port it has found.
  const launcher = join(ROOT, 'server/tests/support/MongoServer.java');
  const java = ['-Xshare:auto', '-XX:+UseSerialGC', '-Xmx1g', '-Dslf4j.internal.verbosity=ERROR'];
  return startProcess('java', [...java, '-cp', join(MONGO_JARS, '*'), launcher]);
}

function startRedis(folder, port) {
  return startProcess('redis-server', ['--bind', '127.0.0.1', '--port', String(port), '--save', '', '--dir', folder], port);
}

function startGcs(port) {
  const host = `127.0.0.1:${port}`;
  return startProcess(FAKE_GCS, [
    '-scheme', 'http', '-host', '127.0.0.1', '-port', String(port), '-external-url', `http://${host}`,
    '-public-host', host, '-backend', 'memory', '-log-level', 'error',
  ], port);
}

/** The bucket, as other programs see it. */
function bucket(endpoint) {
  const address = (name) => `${endpoint}/storage/v1/b/${BUCKET}/o/${encodeURIComponent(name)}`;
  return {
    name: BUCKET,
    read: async (name) => {
      const answer = await fetch(`${address(name)}?alt=media`);
      return answer.ok ? Buffer.from(await answer.arrayBuffer()) : null;
    },
    metadata: async (name) => (await fetch(address(name))).json(),
    write: async (name, body) => {
      const query = new URLSearchParams({ uploadType: 'media', name });
      const answer = await fetch(`${endpoint}/upload/storage/v1/b/${BUCKET}/o?${query}`, { method: 'POST', body });
      if (!answer.ok) throw new Error(`${name} could not be written: ${answer.status}`);
    },
    names: async () => {
      const listed = await (await fetch(`${endpoint}/storage/v1/b/${BUCKET}/o`)).json();
      return (listed.items ?? []).map((item) => item.name).sort();
    },
  };
}

function json(method, value) {
  return { method, body: JSON.stringify(value), headers: { 'content-type': 'application/json' } };
}

/** Whether there is such a program. */
export function onPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}
