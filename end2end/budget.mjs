// Holds what the first view loads against its budget: asked of a running server, as a browser asks.

import { get } from 'node:http';
import { startLesson } from './helpers/server.mjs';

const server = await startLesson();
let over = 0;
try {
  const page = await fetchRaw('/');
  const html = (await (await fetch(server.url)).text());
  const address = (pattern) => html.match(pattern)?.[0] ?? fail(`the page names no ${pattern}`);
  const css = await fetchRaw(address(/\/pkg\/dashboard\.[0-9a-f]{16}\.css/));
  const js = await fetchRaw(address(/\/pkg\/app\.[0-9a-f]{16}\.js/));
  const wasm = await fetchRaw(address(/\/pkg\/app\.[0-9a-f]{16}_bg\.wasm/));
  const icon = await fetchRaw('/favicon.svg');
  const cssRaw = (await (await fetch(server.url + css.path)).arrayBuffer()).byteLength;

  const first = [page, css, js, wasm, icon];
  for (const { path, bytes, encoding } of first) console.log(`  ${path}: ${kB(bytes)} (${encoding})`);
  within('HTML, raw', Buffer.byteLength(html), 70_000);
  within('CSS, raw', cssRaw, 20_000);
  within('WebAssembly, brotli', wasm.bytes, 130_000);
  within('the whole first view, brotli', first.reduce((sum, { bytes }) => sum + bytes, 0), 160_000);

  // As many as the page lists.
  for (let run = 0; run < 20; run++) await server.command(['archive', '--month', run % 2 ? '2026-10' : '2026-11']);
  const full = await (await fetch(server.url)).text();
  const listed = full.match(/<form method="post" action="\/api\/archive_verify"/g)?.length ?? 0;
  if (listed < 20) fail(`the page lists ${listed} runs`);
  within('HTML with 20 archive runs, raw', Buffer.byteLength(full), 70_000);
} finally {
  await server.stop();
}
process.exitCode = over ? 1 : 0;

/** The bytes on the wire: `fetch` would unpack them. */
function fetchRaw(path) {
  return new Promise((resolve, reject) => {
    get(server.url + path, { headers: { 'accept-encoding': 'br' } }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${path}: ${response.statusCode}`));
      let bytes = 0;
      response.on('data', (chunk) => { bytes += chunk.length; });
      response.on('end', () => resolve({ path, bytes, encoding: response.headers['content-encoding'] ?? 'raw' }));
    }).on('error', reject);
  });
}

function within(what, bytes, limit) {
  const verdict = bytes < limit ? 'ok' : 'TOO LARGE';
  if (bytes >= limit) over++;
  console.log(`budget: ${what}: ${kB(bytes)} of ${kB(limit)}: ${verdict}`);
}

function kB(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

function fail(message) {
  throw new Error(message);
}
