import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, lasting, natsUrl, newBuildingId, TIMESTAMP, UUID_V7, WORKFLOW_KEYS } from './stack.js';

/** What an unmodified ClientProxy of one NestJS version sees of the workers. */
export function testClient(version, nest) {
  const { ClientProxyFactory, NatsRecordBuilder, Transport } = nest.microservices;
  const { firstValueFrom, lastValueFrom, timeout, toArray } = nest.rxjs;
  let client;

  const send = (pattern, data) => firstValueFrom(client.send(pattern, data).pipe(timeout(5000)));
  const sendWith = (headers, pattern, data) => {
    const natsHeaders = nest.headers();
    for (const [name, value] of Object.entries(headers)) {
      natsHeaders.set(name, value);
    }
    return send(pattern, new NatsRecordBuilder(data).setHeaders(natsHeaders).build());
  };
  const refusal = async (pattern, data) => {
    try {
      return assert.fail(`answered ${JSON.stringify(await send(pattern, data))}`);
    } catch (error) {
      if (error instanceof assert.AssertionError) {
        throw error;
      }
      return error;
    }
  };

  describe(`NestJS ${version} client`, () => {
    before(async () => {
      client = ClientProxyFactory.create({ transport: Transport.NATS, options: { servers: [natsUrl] } });
      await client.connect();
    });
    after(() => client.close());

    it('creates a workflow and gets all of it', async () => {
      const buildingId = newBuildingId();
      const workflow = await send('workflows.create', { name: 'fit out', buildingId });
      assert.deepEqual(Object.keys(workflow).sort(), WORKFLOW_KEYS);
      assert.match(workflow.id, UUID_V7);
      assert.match(workflow.createdAt, TIMESTAMP);
      assert.match(workflow.updatedAt, TIMESTAMP);
      const { name, status, version: revision, deletedAt } = workflow;
      assert.deepEqual(
        { name, status, revision, deletedAt, buildingId: workflow.buildingId },
        { name: 'fit out', status: 'running', revision: 1, deletedAt: null, buildingId },
      );
    });

    it('gets exactly one value, then the end', async () => {
      const values = await lastValueFrom(
        client
          .send('workflows.create', { name: 'one value', buildingId: newBuildingId() })
          .pipe(toArray(), timeout(5000)),
      );
      assert.equal(values.length, 1);
    });

    for (const buildingId of [7, 0, -1, Number.MAX_SAFE_INTEGER, '7', 'a building of ours']) {
      it(`gets buildingId ${JSON.stringify(buildingId)} back as it was sent`, async () => {
        const created = await send('workflows.create', { name: 'typed', buildingId });
        assert.strictEqual(created.buildingId, buildingId);
        const found = await send('workflows.get', { id: created.id });
        assert.strictEqual(found.buildingId, buildingId);
      });
    }

    it('finds what it created by id and in lists', async () => {
      const buildingId = newBuildingId();
      const created = await send('workflows.create', { name: 'to be found', buildingId });
      assert.deepEqual(lasting(await send('workflows.get', { id: created.id })), lasting(created));
      const { items } = await send('workflows.list', { buildingId });
      assert.deepEqual(items.map(lasting), [lasting(created)]);
      assert.deepEqual(await send('workflows.list', { buildingId, status: 'failed' }), { items: [] });
    });

    it('turns the pages of a list', async () => {
      const buildingId = newBuildingId();
      const ids = new Set();
      for (let i = 0; i < 5; i += 1) {
        ids.add((await send('workflows.create', { name: `page ${i}`, buildingId })).id);
      }
      const seen = [];
      let page = {};
      do {
        const pageToken = page.nextPageToken;
        page = await send('workflows.list', { buildingId, pageSize: 2, ...(pageToken && { pageToken }) });
        assert.ok(page.items.length <= 2);
        seen.push(...page.items.map((item) => item.id));
      } while (page.nextPageToken && seen.length < 10);
      assert.equal(seen.length, 5);
      assert.deepEqual(new Set(seen), ids);
    });

    it('keeps every character of a text', async () => {
      const name = 'Škoda 🏢 "quoted" \\ back\u2028line\ttab';
      const metadata = { 'key of ours': [1, 2.5, null, { deep: true }] };
      const created = await send('workflows.create', { name, buildingId: newBuildingId(), metadata });
      assert.equal(created.name, name);
      assert.deepEqual(created.metadata, metadata);
    });

    it('emits an event, which is executed once', async () => {
      const buildingId = newBuildingId();
      await lastValueFrom(client.emit('workflows.create', { name: 'an event', buildingId }), {
        defaultValue: undefined,
      });
      const list = () => send('workflows.list', { buildingId });
      await eventually(list, (page) => page.items.length > 0);
      await sleep(200);
      const names = (await list()).items.map((item) => item.name);
      assert.deepEqual(names, ['an event']);
    });

    it('is told that something is not found', async () => {
      const error = await refusal('workflows.get', { id: randomUUID() });
      assert.equal(error.status, 'error');
      assert.equal(error.statusCode, 404);
      assert.equal(error.code, 'not_found');
      assert.ok(error.message.length > 0);
    });

    for (const [what, data] of [
      ['a missing field', { name: 'no building' }],
      ['an unknown field', { name: 'x', buildingId: 1, color: 'red' }],
      ['a fraction for an integer', { name: 'x', buildingId: 1.9 }],
      ['a boolean for a text', { name: true, buildingId: 1 }],
      ['a list for an object', [1, 2]],
      ['an empty text', { name: '', buildingId: 1 }],
    ]) {
      it(`is told what is wrong with ${what}`, async () => {
        const error = await refusal('workflows.create', data);
        assert.equal(error.status, 'error');
        assert.equal(error.statusCode, 422);
        assert.equal(error.code, 'invalid');
        assert.ok(error.message.length > 0);
        assert.ok(Array.isArray(error.errors) && error.errors.length > 0);
        for (const { pointer, detail } of error.errors) {
          assert.equal(typeof pointer, 'string');
          assert.ok(detail.length > 0);
        }
      });
    }

    it('gets the same workflow for the same Idempotency-Key', async () => {
      const data = { name: 'once', buildingId: newBuildingId() };
      const headers = { 'Idempotency-Key': randomUUID() };
      const first = await sendWith(headers, 'workflows.create', data);
      const second = await sendWith(headers, 'workflows.create', data);
      assert.deepEqual(lasting(second), lasting(first));
      const { items } = await send('workflows.list', { buildingId: data.buildingId });
      assert.equal(items.length, 1);
    });

    it('gets one workflow for one key under a stampede', async () => {
      const data = { name: 'once', buildingId: newBuildingId() };
      const headers = { 'Idempotency-Key': randomUUID() };
      const answers = await Promise.all(
        Array.from({ length: 40 }, () => sendWith(headers, 'workflows.create', data)),
      );
      assert.equal(new Set(answers.map((workflow) => workflow.id)).size, 1);
    });

    it('is refused another body under the same key', async () => {
      const headers = { 'Idempotency-Key': randomUUID() };
      const data = { name: 'first', buildingId: newBuildingId() };
      await sendWith(headers, 'workflows.create', data);
      await assert.rejects(sendWith(headers, 'workflows.create', { ...data, name: 'second' }), {
        statusCode: 422,
      });
    });

    it('may send traceparent, Deadline and headers of its own', async () => {
      const traceId = randomBytes(16).toString('hex');
      const workflow = await sendWith(
        {
          traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01`,
          Deadline: new Date(Date.now() + 60_000).toISOString(),
          'X-Tenant': 'blue',
        },
        'workflows.create',
        { name: 'traced', buildingId: newBuildingId() },
      );
      assert.match(workflow.id, UUID_V7);
    });

    it('gets every answer of many requests at once, each its own', async () => {
      const ids = Array.from({ length: 500 }, (_, i) => `${version}-${i}-${randomUUID()}`);
      const answers = await Promise.all(
        ids.map((buildingId) => send('workflows.create', { name: 'many', buildingId })),
      );
      assert.deepEqual(answers.map((workflow) => workflow.buildingId), ids);
      assert.equal(new Set(answers.map((workflow) => workflow.id)).size, ids.length);
    });
  });
}
