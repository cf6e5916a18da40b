import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { decorate } from './decorate.js';
import { lasting, natsUrl, UUID_V7 } from './stack.js';

/** A NestJS HTTP gateway without a filter of its own, in front of the workers. */
function gatewayModule({ common, microservices }) {
  const { Body, Controller, Get, Inject, Module, Param, Post } = common;

  class WorkflowsController {
    constructor(client) {
      this.client = client;
    }
    create(body) {
      return this.client.send('workflows.create', body);
    }
    get(id) {
      return this.client.send('workflows.get', { id });
    }
  }
  decorate(WorkflowsController, {
    on: [Controller('workflows')],
    inject: [[0, Inject('WORKFLOWS')]],
    methods: { create: [Post(), [0, Body()]], get: [Get(':id'), [0, Param('id')]] },
  });

  class GatewayModule {}
  return decorate(GatewayModule, {
    on: [
      Module({
        imports: [
          microservices.ClientsModule.register([
            {
              name: 'WORKFLOWS',
              transport: microservices.Transport.NATS,
              options: { servers: [natsUrl] },
            },
          ]),
        ],
        controllers: [WorkflowsController],
      }),
    ],
  });
}

export function testGateway(version, nest) {
  describe(`NestJS ${version} HTTP gateway`, () => {
    let app;
    let url;

    before(async () => {
      app = await nest.core.NestFactory.create(gatewayModule(nest), { logger: false });
      await app.listen(0, '127.0.0.1');
      url = `http://127.0.0.1:${app.getHttpServer().address().port}/workflows`;
    });
    after(() => app.close());

    const post = (body) =>
      fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(5000),
      });

    it('passes a workflow on', async () => {
      const response = await post({ name: 'over HTTP', buildingId: 12 });
      assert.equal(response.status, 201);
      const workflow = await response.json();
      assert.match(workflow.id, UUID_V7);
      const found = await fetch(`${url}/${workflow.id}`, { signal: AbortSignal.timeout(5000) });
      assert.equal(found.status, 200);
      assert.deepEqual(lasting(await found.json()), lasting(workflow));
    });

    it('turns our 404 into its own', async () => {
      const response = await fetch(`${url}/${randomUUID()}`, { signal: AbortSignal.timeout(5000) });
      assert.equal(response.status, 404);
      const body = await response.json();
      assert.equal(body.statusCode, 404);
      assert.ok(body.message.length > 0);
    });

    it('turns our 422 into its own', async () => {
      const response = await post({ name: 'no building' });
      assert.equal(response.status, 422);
      assert.equal((await response.json()).statusCode, 422);
    });
  });
}
