// Adds jobs through graphile-worker's SQL function and waits until its workers say that they are done, so many under
// way at a time, or so many a second. Prints `open` and `close` when its window does, then one JSON object.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import pg from 'pg';

const { values } = parseArgs({
  options: {
    database: { type: 'string' },
    workers: { type: 'string', default: '1' },
    jobs: { type: 'string' }, // at once in a worker; its own default when nothing is said
    'in-flight': { type: 'string', default: '64' },
    rate: { type: 'string', default: '0' },
    warmup: { type: 'string', default: '1000' },
    duration: { type: 'string', default: '4000' },
  },
});
const inFlight = Number(values['in-flight']);
const rate = Number(values.rate);

const environment = { ...process.env, DATABASE_URL: values.database };
if (values.jobs) environment.CONCURRENT_JOBS = values.jobs;

async function startWorker() {
  const worker = fork(new URL('./worker.js', import.meta.url), {
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  worker.on('exit', (code) => code && console.error(`a worker ended with ${code}`));
  await once(worker, 'message');
  worker.on('message', (numbers) => numbers.forEach(ended));
  return worker;
}

// One after the other: the first brings the schema up to date.
const workers = [];
for (let number = 0; number < Number(values.workers); number += 1) workers.push(await startWorker());

const pool = new pg.Pool({ connectionString: values.database, max: 10 });
const began = performance.now();
const from = began + Number(values.warmup);
const until = from + Number(values.duration);
const underWay = new Map();
const latencies = [];
let next = 0;
let failed = 0;

async function add() {
  const n = next++;
  underWay.set(n, performance.now());
  try {
    await pool.query("SELECT graphile_worker.add_job('bench', $1::json)", [JSON.stringify({ n })]);
  } catch (error) {
    underWay.delete(n);
    if (failed++ === 0) console.error(error);
  }
}

function ended(n) {
  const now = performance.now();
  if (now >= from && now < until) latencies.push(now - underWay.get(n));
  underWay.delete(n);
  if (rate === 0 && now < until) add();
}

async function passTime(end) {
  while (performance.now() < end) {
    while (next < (rate * (performance.now() - began)) / 1000) add();
    await sleep(1);
  }
}

if (rate === 0) for (let at = 0; at < inFlight; at += 1) add();
await passTime(from);
console.log('open');
await passTime(until);
console.log('close');
for (const last = performance.now() + 30_000; underWay.size > 0 && performance.now() < last; ) await sleep(5);

latencies.sort((a, b) => a - b);
const percentile = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))];
console.log(
  JSON.stringify({
    rate: (latencies.length * 1000) / Number(values.duration),
    p50Ms: percentile(0.5),
    p99Ms: percentile(0.99),
    started: next - failed,
    failed,
    allEnded: underWay.size === 0,
  }),
);
for (const worker of workers) worker.kill('SIGTERM');
await pool.end();
