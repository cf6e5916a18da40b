import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createInbox, headers as natsHeaders } from 'nats';
import { connectRaw, eventually, newBuildingId, WORKFLOW_KEYS } from './lib/stack.js';

const decoder = new TextDecoder('utf-8', { fatal: true });

let nats;
before(async () => {
  nats = await connectRaw();
});
after(() => nats.close());

/** Sends exact bytes and returns the reply as it came. */
async function exchange(subject, payload, headers) {
  const reply = await nats.request(subject, payload, { timeout: 3000, headers });
  return { headers: reply.headers, text: decoder.decode(reply.data), body: JSON.parse(decoder.decode(reply.data)) };
}

/** Sends exact bytes and waits for what must not come. */
async function repliesTo(subject, payload, headers) {
  const inbox = createInbox();
  const replies = [];
  const subscription = nats.subscribe(inbox, { callback: (_, message) => replies.push(decoder.decode(message.data)) });
  nats.publish(subject, payload, { reply: inbox, headers });
  await sleep(600);
  subscription.unsubscribe();
  return replies;
}

const packet = (fields) => JSON.stringify({ pattern: 'workflows.create', ...fields });

async function workflowsOf(buildingId) {
  return (await exchange('workflows.list', JSON.stringify({ buildingId }))).body.items;
}

describe('packets as older NestJS versions send them', () => {
  for (const major of [8, 9, 10]) {
    const recorded = JSON.parse(readFileSync(new URL(`golden/nest${major}.json`, import.meta.url)));
    const requests = recorded.packets.filter((each) => each.hasReply);

    for (const { subject, payload } of requests) {
      const { id, data } = JSON.parse(payload);
      it(`${recorded.version} ${subject} ${JSON.stringify(data)}`, async () => {
        const { text, body } = await exchange(subject, payload);
        assert.equal(body.id, id);
        assert.equal(body.isDisposed, true);
        assert.equal(text, JSON.stringify(body), 'the reply has no spaces and no second key of a name');
        if (subject === 'workflows.get') {
          assert.deepEqual(Object.keys(body).sort(), ['err', 'id', 'isDisposed']);
          assert.equal(body.err.statusCode, 404);
        } else {
          assert.deepEqual(Object.keys(body).sort(), ['id', 'isDisposed', 'response']);
        }
        if (subject === 'workflows.create') {
          assert.deepEqual(Object.keys(body.response).sort(), WORKFLOW_KEYS);
          assert.strictEqual(body.response.buildingId, data.buildingId);
        }
      });
    }

    it(`${recorded.version} event`, async () => {
      const event = recorded.packets.find((each) => !each.hasReply);
      const packet = JSON.parse(event.payload);
      const buildingId = newBuildingId();
      nats.publish(event.subject, event.payload.replace(packet.data.buildingId, buildingId));
      const workflows = await eventually(() => workflowsOf(buildingId), (items) => items.length > 0);
      assert.deepEqual(workflows.map((workflow) => workflow.name), [packet.data.name]);
    });
  }
});

describe('the NestJS envelope', () => {
  const data = () => ({ name: 'a packet', buildingId: newBuildingId() });

  it('is used although the packet has keys of a later version', async () => {
    const { body } = await exchange('workflows.create', packet({ data: data(), id: 'i', metadata: { tenant: 'a' } }));
    assert.deepEqual(Object.keys(body).sort(), ['id', 'isDisposed', 'response']);
  });

  it('does not depend on the value of pattern', async () => {
    const { body } = await exchange('workflows.create', JSON.stringify({ pattern: 'x', data: data(), id: 'i' }));
    assert.equal(body.response.name, 'a packet');
  });

  for (const id of ['', 'quoted " \\ ü', 7]) {
    it(`brings the id ${JSON.stringify(id)} back`, async () => {
      const { body } = await exchange('workflows.create', packet({ data: data(), id }));
      assert.strictEqual(body.id, id);
    });
  }

  for (const [what, wrong] of [['null', null], ['a text', 'x'], ['a number', 5], ['a list', []]]) {
    it(`carries the error for data that is ${what}`, async () => {
      const { body } = await exchange('workflows.create', packet({ data: wrong, id: 'i' }));
      assert.deepEqual(Object.keys(body).sort(), ['err', 'id', 'isDisposed']);
      assert.equal(body.err.statusCode, 422);
    });
  }

  it('carries the error of a document that is nested too deeply', async () => {
    const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;
    const { body } = await exchange('workflows.create', `{"pattern":"p","id":"deep","data":${deep}}`);
    assert.equal(body.id, 'deep');
    assert.equal(body.err.statusCode, 400);
  });

  it('comes once', async () => {
    const replies = await repliesTo('workflows.create', packet({ data: data(), id: 'once' }));
    assert.equal(replies.length, 1);
  });

  it('does not come for an event that has a reply subject', async () => {
    const event = data();
    assert.deepEqual(await repliesTo('workflows.create', packet({ data: event })), []);
    assert.equal((await workflowsOf(event.buildingId)).length, 1);
  });

  it('does not come for a bad event', async () => {
    assert.deepEqual(await repliesTo('workflows.create', packet({ data: { wrong: true } })), []);
  });
});

describe('plain JSON', () => {
  const assertProblem = (reply, status, code) => {
    assert.equal(reply.headers.get('Nats-Service-Error-Code'), String(status));
    assert.ok(reply.headers.get('Nats-Service-Error').length > 0);
    assert.equal(reply.body.status, status);
    assert.equal(reply.body.code, code);
    assert.ok(reply.body.title.length > 0 && reply.body.detail.length > 0);
    assert.match(reply.body.traceId, /^[0-9a-f]{32}$/);
  };

  it('is answered plainly', async () => {
    const reply = await exchange('workflows.create', JSON.stringify({ name: 'plain', buildingId: 3 }));
    assert.deepEqual(Object.keys(reply.body).sort(), WORKFLOW_KEYS);
    assert.ok(!reply.headers?.has('Nats-Service-Error-Code'));
  });

  it('is refused in its own form', async () => {
    const reply = await exchange('workflows.get', JSON.stringify({ id: randomUUID() }));
    assertProblem(reply, 404, 'not_found');
  });

  it('keeps the trace of the caller', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const headers = natsHeaders();
    headers.set('traceparent', `00-${traceId}-b7ad6b7169203331-01`);
    const reply = await exchange('workflows.get', JSON.stringify({ id: randomUUID() }), headers);
    assert.equal(reply.body.traceId, traceId);
  });

  for (const [what, payload, status] of [
    ['nothing', '', 400],
    ['no JSON', 'not json', 400],
    ['half a document', '{"name":', 400],
    ['a second document behind the first', '{"name":"x","buildingId":1} {}', 400],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400],
    ['U+0000', '{"name":"a\\u0000b","buildingId":1}', 400],
    ['a key twice', '{"name":"x","name":"y","buildingId":1}', 400],
    ['100,000 brackets', '['.repeat(100_000), 400],
    ['a list', '[]', 422],
    ['a packet whose pattern is no text', '{"pattern":{"cmd":"x"},"data":{},"id":"1"}', 422],
    ['the string of a number', '"17"', 422],
  ]) {
    it(`${what} is answered ${status}`, async () => {
      const reply = await exchange('workflows.create', payload);
      assert.equal(reply.headers.get('Nats-Service-Error-Code'), String(status));
      assert.equal(reply.body.status, status);
    });
  }

  it('of which the deadline has passed is dropped', async () => {
    const headers = natsHeaders();
    headers.set('Deadline', new Date(Date.now() - 1000).toISOString());
    const buildingId = newBuildingId();
    const late = JSON.stringify({ name: 'too late', buildingId });
    assert.deepEqual(await repliesTo('workflows.create', late, headers), []);
    assert.deepEqual(await workflowsOf(buildingId), []);
  });

  it('without a reply subject is an event', async () => {
    const buildingId = newBuildingId();
    nats.publish('workflows.create', JSON.stringify({ name: 'plain event', buildingId }));
    const workflows = await eventually(() => workflowsOf(buildingId), (items) => items.length > 0);
    assert.equal(workflows.length, 1);
  });
});
