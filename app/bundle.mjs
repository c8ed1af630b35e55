// Makes the site that the server hands out from what cargo has built: binds and shrinks the
// WebAssembly, gives every file that may be cached for ever its content hash as part of its name,
// and compresses all of it once, so that the server never has to.
//
//   node app/bundle.mjs --wasm app.wasm --wasm-bindgen BINARY --wasm-opt BINARY --out target/site

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const ROOT = resolve(fileURLToPath(import.meta.url), '../..');
const STYLE = join(ROOT, 'style/dashboard.css');
const PUBLIC = join(ROOT, 'public');

// Named one by one: --all-features makes a module that Chromium refuses.
const WASM_OPT = [
  '-Oz', '--enable-bulk-memory', '--enable-nontrapping-float-to-int', '--enable-sign-ext',
  '--enable-mutable-globals', '--enable-reference-types', '--enable-multivalue',
];

const run = promisify(execFile);
const brotli = promisify(brotliCompress);
const gz = promisify(gzip);

const { values: args } = parseArgs({
  options: {
    wasm: { type: 'string' },
    'wasm-bindgen': { type: 'string' },
    'wasm-opt': { type: 'string' },
    out: { type: 'string', default: join(ROOT, 'target/site') },
  },
});
for (const name of ['wasm', 'wasm-bindgen', 'wasm-opt']) {
  if (!args[name]) fail(`--${name} is missing`);
}

await main().catch((error) => fail(error.stderr?.trim() || error.message));

async function main() {
  const out = resolve(args.out);
  const inputs = await fingerprint([args.wasm, STYLE, fileURLToPath(import.meta.url), ...await files(PUBLIC)]);
  if ((await manifest(out))?.inputs === inputs) {
    console.log('site: up to date');
    return;
  }
  // Assembled beside its place, so that nobody sees half of it. A running server goes on naming the
  // files that it read of at its start, and so does a page that is open: see `keepPrevious`.
  const fresh = `${out}.${process.pid}.new`;
  const old = `${out}.${process.pid}.old`;
  try {
    const sizes = await assemble(fresh, out, inputs);
    await rename(out, old).catch(ignoreMissing);
    await rename(fresh, out);
    console.log(`site: ${sizes.join(', ')}`);
  } finally {
    await rm(fresh, { recursive: true, force: true });
    await rm(old, { recursive: true, force: true });
  }
}

async function assemble(site, previous, inputs) {
  const pkg = join(site, 'pkg');
  const bound = join(site, 'bound');
  await mkdir(pkg, { recursive: true });
  await cp(PUBLIC, site, { recursive: true });

  await run(args['wasm-bindgen'], [
    '--target', 'web', '--no-typescript', '--out-name', 'app', '--out-dir', bound, args.wasm,
  ]);
  const bindgenWasm = join(bound, 'app_bg.wasm');
  await run(args['wasm-opt'], [...WASM_OPT, bindgenWasm, '-o', bindgenWasm]);

  const wasm = await readFile(bindgenWasm);
  let js = await readFile(join(bound, 'app.js'), 'utf8');
  // Leptos derives both addresses from one output name, so both files carry one hash.
  const name = `app.${hash(js + hash(wasm))}`;
  const wasmName = `${name}_bg.wasm`;
  // The default of wasm-bindgen's own loader must lead to the renamed module, too.
  js = js.replaceAll('app_bg.wasm', wasmName);
  js = await keepSnippets(join(bound, 'snippets'), pkg, js);
  const css = minify(await readFile(STYLE, 'utf8'));

  const names = { js: `${name}.js`, wasm: wasmName, css: `dashboard.${hash(css)}.css` };
  await writeFile(join(pkg, names.js), js);
  await writeFile(join(pkg, names.wasm), wasm);
  await writeFile(join(pkg, names.css), css);
  await rm(bound, { recursive: true });

  const compressed = new Map();
  for (const file of await files(site)) compressed.set(relative(site, file), await compress(file));
  const addresses = Object.fromEntries(Object.entries(names).map(([kind, name]) => [kind, `/pkg/${name}`]));
  // Before the previous build's are added: each build's files are kept for one more build only.
  const made = (await files(pkg)).map((file) => relative(pkg, file));
  await keepPrevious(previous, pkg);
  const content = { output_name: name, ...addresses, files: made, inputs };
  await writeFile(join(site, 'manifest.json'), `${JSON.stringify(content, null, 2)}\n`);
  return Object.entries(names).map(([kind, name]) => {
    const { raw, brotli } = compressed.get(join('pkg', name));
    return `${kind} ${kB(raw)} (brotli ${kB(brotli)})`;
  });
}

// The files of the build that this one replaces. Their names hold their content's hash, so that they
// are in nobody's way.
async function keepPrevious(site, pkg) {
  const made = (await manifest(site))?.files;
  for (const file of await files(join(site, 'pkg'))) {
    const name = relative(join(site, 'pkg'), file);
    // A manifest without the list is of a time when nothing was kept.
    if (!made || made.includes(name)) await cp(file, join(pkg, name));
  }
}

// JavaScript that crates bring along: imported from beside the page's script, named by its content.
async function keepSnippets(from, pkg, js) {
  const snippets = await files(from);
  if (snippets.length === 0) return js;
  const folder = `snippets.${await fingerprint(snippets)}`;
  await cp(from, join(pkg, folder), { recursive: true });
  return js.replaceAll('./snippets/', `./${folder}/`);
}

async function compress(file) {
  const raw = await readFile(file);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: raw.length,
  };
  const small = await brotli(raw, { params });
  await writeFile(`${file}.br`, small);
  await writeFile(`${file}.gz`, await gz(raw, { level: 9 }));
  return { raw: raw.length, brotli: small.length };
}

// Comments and white space only; the style sheet has no strings that hold either.
function minify(css) {
  return css
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]) ?/g, '$1')
    .replace(/: /g, ':')
    .replace(/;}/g, '}')
    .trim();
}

function hash(content) {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}

async function fingerprint(paths) {
  const sum = createHash('sha256');
  for (const path of paths) sum.update(basename(path)).update(await readFile(path));
  return sum.digest('hex').slice(0, 16);
}

// Every file below a folder, in a fixed order; none when there is no such folder.
async function files(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(ignoreMissing);
  return (entries ?? [])
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

async function manifest(site) {
  try {
    return JSON.parse(await readFile(join(site, 'manifest.json'), 'utf8'));
  } catch {
    return null; // none yet, or not ours: the site is made anew
  }
}

function ignoreMissing(error) {
  if (error.code !== 'ENOENT') throw error;
}

function kB(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

function fail(message) {
  console.error(`bundle: ${message}`);
  process.exit(1);
}
