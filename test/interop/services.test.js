import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { createInbox, headers as natsHeaders } from 'nats';
import { setTimeout as sleep } from 'node:timers/promises';
import { assertInfo, assertPing, assertStats } from './lib/micro-schema.js';
import { connectRaw, newBuildingId } from './lib/stack.js';

const replicas = Number(process.env.LINTEL_WORKERS ?? 2);
/** Those of the contract, and the one by which workers wake one another. */
const contract = readFileSync(new URL('../../contracts/asyncapi/workflows.yaml', import.meta.url), 'utf8');
const SUBJECTS = [...contract.matchAll(/^    address: (\w+\.\w+)$/gm)].map(([, subject]) => subject);
SUBJECTS.push('workflows.wake');
SUBJECTS.sort();

describe('nats@2.29.3 services client', () => {
  let nats;
  let services;

  before(async () => {
    nats = await connectRaw();
    services = nats.services.client();
  });
  after(() => nats.close());

  const collect = async (answers) => {
    const list = [];
    for await (const answer of await answers) {
      list.push(answer);
    }
    return list;
  };
  /** Answers as the bytes on the wire say, not as the client's types do. */
  const raw = async (subject, payload = '', headers = undefined) => {
    const inbox = createInbox();
    const answers = [];
    const subscription = nats.subscribe(inbox, {
      // An empty message is the broker's, saying that nobody listens.
      callback: (_, message) => message.data.length > 0 && answers.push(message.json()),
    });
    nats.publish(subject, payload, { reply: inbox, headers });
    await sleep(400);
    subscription.unsubscribe();
    return answers;
  };
  const totals = async () => {
    const sums = Object.fromEntries(SUBJECTS.map((subject) => [subject, { requests: 0, errors: 0 }]));
    for (const { endpoints } of await raw('$SRV.STATS.workflows')) {
      for (const { subject, num_requests: requests, num_errors: errors } of endpoints) {
        sums[subject].requests += requests;
        sums[subject].errors += errors;
      }
    }
    return sums;
  };

  it('pings every replica', async () => {
    const answers = await collect(services.ping('workflows'));
    assert.equal(answers.length, replicas);
    assert.equal(new Set(answers.map((answer) => answer.id)).size, replicas);
    answers.forEach(assertPing);
  });

  it('pings everything, main too', async () => {
    const names = (await collect(services.ping())).map((answer) => answer.name);
    assert.equal(names.filter((name) => name === 'workflows').length, replicas);
    assert.ok(names.includes('main'));
  });

  it('pings one replica by its id, and none by a wrong one', async () => {
    const [{ id }] = await collect(services.ping('workflows'));
    const answers = await collect(services.ping('workflows', id));
    assert.deepEqual(answers.map((answer) => answer.id), [id]);
    assert.deepEqual(await raw('$SRV.PING.workflows.nobody'), []);
    assert.deepEqual(await raw('$SRV.PING.nothing'), []);
  });

  it('is told the endpoints', async () => {
    const answers = await collect(services.info('workflows'));
    assert.equal(answers.length, replicas);
    for (const answer of answers) {
      assertInfo(answer);
      assert.deepEqual(answer.endpoints.map((endpoint) => endpoint.subject).sort(), SUBJECTS);
      for (const endpoint of answer.endpoints) {
        assert.equal(endpoint.queue_group, 'workflows-service');
      }
    }
  });

  it('is told the statistics', async () => {
    const answers = await collect(services.stats('workflows'));
    assert.equal(answers.length, replicas);
    answers.forEach(assertStats);
  });

  it('gets the same shapes on every control subject, whatever the request says', async () => {
    const headers = natsHeaders();
    headers.set('Accept-Encoding', 'snappy');
    const [{ id }] = await raw('$SRV.PING.workflows');
    for (const [verb, check] of [['PING', assertPing], ['INFO', assertInfo], ['STATS', assertStats]]) {
      for (const [suffix, atLeast] of [['', replicas + 1], ['.workflows', replicas], [`.workflows.${id}`, 1]]) {
        const answers = await raw(`$SRV.${verb}${suffix}`, '{}', headers);
        assert.equal(answers.length >= atLeast, true, `$SRV.${verb}${suffix}: ${answers.length} answers`);
        answers.forEach(check);
      }
    }
  });

  it('sees each request counted once, with its error', async () => {
    const earlier = await totals();
    for (let i = 0; i < 20; i += 1) {
      await nats.request('workflows.create', JSON.stringify({ name: 'counted', buildingId: newBuildingId() }));
    }
    for (let i = 0; i < 5; i += 1) {
      await nats.request('workflows.get', JSON.stringify({ id: randomUUID() }));
    }
    const later = await totals();
    const risen = (subject, key) => later[subject][key] - earlier[subject][key];
    assert.deepEqual([risen('workflows.create', 'requests'), risen('workflows.create', 'errors')], [20, 0]);
    assert.deepEqual([risen('workflows.get', 'requests'), risen('workflows.get', 'errors')], [5, 5]);
    const endpoints = (await raw('$SRV.STATS.workflows')).flatMap((answer) => answer.endpoints);
    assert.ok(endpoints.some(({ last_error: error }) => /^404:.+/.test(error)));
  });

  it('sees the replicas share the work', async () => {
    const requests = async () =>
      (await raw('$SRV.STATS.workflows')).map(
        ({ endpoints }) => endpoints.find(({ subject }) => subject === 'workflows.create').num_requests,
      );
    await Promise.all(
      Array.from({ length: 200 }, () =>
        nats.request('workflows.create', JSON.stringify({ name: 'shared', buildingId: newBuildingId() }))),
    );
    const counts = await requests();
    assert.equal(counts.length, replicas);
    assert.ok(counts.every((count) => count > 0), `one replica did nothing: ${counts}`);
  });
});
