// A graphile-worker as its documentation starts one, with a task that only says that it was done.
import { run } from 'graphile-worker';

const done = [];

function tell() {
  process.send(done.splice(0));
}

const concurrency = process.env.CONCURRENT_JOBS && Number(process.env.CONCURRENT_JOBS);
const runner = await run({
  connectionString: process.env.DATABASE_URL,
  ...(concurrency && { concurrency }),
  taskList: {
    bench: async ({ n }) => {
      if (done.push(n) === 1) setImmediate(tell);
    },
  },
});
process.send('ready');
await runner.promise;
