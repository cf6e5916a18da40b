// Workflows of DBOS Transact, so many under way at a time, or so many a second. Prints `open` and `close` when its
// window does, then one JSON object.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { DBOS } from '@dbos-inc/dbos-sdk';

const { values } = parseArgs({
  options: {
    database: { type: 'string' },
    steps: { type: 'string', default: '3' },
    'in-flight': { type: 'string', default: '64' },
    rate: { type: 'string', default: '0' },
    warmup: { type: 'string', default: '1000' },
    duration: { type: 'string', default: '4000' },
    pool: { type: 'string' }, // connections; its own default when nothing is said
    queue: { type: 'boolean', default: false },
  },
});
const queueName = values.queue ? 'bench' : undefined;
const steps = Number(values.steps);
const inFlight = Number(values['in-flight']);
const rate = Number(values.rate);

async function step(n) {
  return { done: n };
}

async function bench(input) {
  for (let at = 1; at <= steps; at += 1) {
    await DBOS.runStep(() => step(input.n), { name: `step${at}` });
  }
}
const workflow = DBOS.registerWorkflow(bench, { name: 'bench' });

DBOS.setConfig({
  name: 'bench',
  systemDatabaseUrl: values.database,
  systemDatabasePoolSize: values.pool && Number(values.pool),
  logLevel: 'error',
});
await DBOS.launch();
if (queueName) await DBOS.registerQueue(queueName, { workerConcurrency: inFlight });

const began = performance.now();
const from = began + Number(values.warmup);
const until = from + Number(values.duration);
const latencies = [];
let next = 0;
let done = 0;
let failed = 0;

async function one() {
  const start = performance.now();
  try {
    const handle = await DBOS.startWorkflow(workflow, { queueName })({ n: next++ });
    await handle.getResult();
    done += 1;
  } catch (error) {
    if (failed++ === 0) console.error(error);
  }
  const end = performance.now();
  if (end >= from && end < until) latencies.push(end - start);
}

async function oneAfterTheOther() {
  while (performance.now() < until) await one();
}

async function passTime(end) {
  while (performance.now() < end) {
    while (next < (rate * (performance.now() - began)) / 1000) one();
    await sleep(1);
  }
}

if (rate === 0) for (let at = 0; at < inFlight; at += 1) oneAfterTheOther();
await passTime(from);
console.log('open');
await passTime(until);
console.log('close');
for (const last = performance.now() + 30_000; done + failed < next && performance.now() < last; ) await sleep(5);

latencies.sort((a, b) => a - b);
const percentile = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))];
console.log(
  JSON.stringify({
    rate: (latencies.length * 1000) / Number(values.duration),
    p50Ms: percentile(0.5),
    p99Ms: percentile(0.99),
    started: next - failed,
    failed,
    allEnded: done + failed === next,
  }),
);
await DBOS.shutdown();
