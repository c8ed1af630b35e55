// nginx before a server of ours, as people set it up.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, startProcess } from './process.mjs';
import { startLesson } from './server.mjs';

/** The browser takes this name for 127.0.0.1, and sends no Sec-Fetch-Site to it: see the configuration. */
const HOST = 'dash.lan';

/** Locations of nginx, and where people open the page then. */
export const LOCATIONS = {
  'with its default proxy_pass': { path: '', location: (app) => `location / { proxy_pass ${app}; }` },
  'with Host $host': {
    path: '',
    location: (app) => `location / { proxy_pass ${app}; proxy_set_header Host $host; }`,
  },
  'below a path that nginx takes away': {
    path: '/dash',
    location: (app) => `location /dash/ { proxy_pass ${app}/; proxy_set_header Host $http_host; }`,
  },
  'below a path that nginx leaves': { path: '/dash', location: (app) => `location /dash/ { proxy_pass ${app}; }` },
};

/** The lesson's server behind nginx; `told` is whether it knows its PUBLIC_URL. `stop` ends both. */
export async function startBehindNginx({ path, location }, { told = true } = {}) {
  const port = await freePort();
  const url = `http://${HOST}:${port}${path}`;
  const server = await startLesson(told ? { env: { PUBLIC_URL: url } } : {});
  const folder = await mkdtemp(join(tmpdir(), 'dashboard-nginx-'));
  let nginx;
  const stop = async () => {
    await nginx?.end();
    await rm(folder, { recursive: true, force: true });
    await server.stop();
  };
  try {
    const configuration = join(folder, 'nginx.conf');
    await writeFile(configuration, configured(folder, port, location(server.url)));
    await mkdir(join(folder, 'temporary'));
    nginx = await startProcess('nginx', ['-e', 'stderr', '-p', folder, '-c', configuration], port);
    return { ...server, url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The same server without a proxy, from another machine. */
export function fromAnotherMachine(server) {
  return { ...server, url: server.url.replace('127.0.0.1', HOST) };
}

// One process, and nothing outside the folder, whatever user it is.
function configured(folder, port, location) {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${join(folder, 'temporary', kind)};`);
  return `
    daemon off; master_process off; pid ${join(folder, 'pid')}; error_log stderr;
    events { }
    http {
      access_log off; ${temporary.join(' ')}
      server { listen 127.0.0.1:${port}; ${location} }
    }`;
}
