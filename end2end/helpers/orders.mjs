// Orders of the tests' own, and what stands in archives of them.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An order document; what the test cares about is given, the rest is ordinary. */
export function order(fields) {
  return {
    order_id: 'ORD_90001', customer_id: 'CUST_0001', region: 'North', product_id: 'PROD_001',
    category: 'footwear', unit_price: 100, quantity: 1, total: 100, status: 'delivered',
    created_at: '2026-11-22 10:30:00', ...fields,
  };
}

/** Imports orders into a server's store, as another program would while it runs. */
export async function importOrders(server, orders) {
  await withFile(orders, (file) => server.importOrders(file));
}

/** Calls `use` with a JSON Lines file of the orders. */
export async function withFile(orders, use) {
  const folder = await mkdtemp(join(tmpdir(), 'dashboard-orders-'));
  try {
    const file = join(folder, 'orders.jsonl');
    await writeFile(file, orders.map((document) => `${JSON.stringify(document)}\n`).join(''));
    return await use(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const CRC32C = Uint32Array.from({ length: 256 }, (_, value) => {
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

/** CRC32C (Castagnoli) as eight hexadecimal digits: computed here, not taken from the server. */
export function crc32c(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC32C[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return ((crc ^ 0xffffffff) >>> 0).toString(16).padStart(8, '0');
}
