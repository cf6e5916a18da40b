import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { decorate } from './decorate.js';
import { natsUrl } from './stack.js';

const nestCall = process.env.LINTEL_NEST_CALL;

/** An unmodified NestJS microservice with a handler for every way of answering. */
function serverModule({ common, microservices, rxjs }, prefix) {
  const { Controller, HttpException, Module } = common;
  const { MessagePattern, Payload, RpcException } = microservices;

  class AnswersController {
    echo(data) {
      return data;
    }
    nothing() {}
    none() {
      return null;
    }
    async later(data) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return { id: 'an id of its own', got: data };
    }
    one() {
      return rxjs.of('one');
    }
    many() {
      return rxjs.of(1, 2, 3);
    }
    text() {
      throw new RpcException('out of paint');
    }
    object() {
      throw new RpcException({ status: 'error', statusCode: 404, message: 'no such door' });
    }
    number() {
      throw new RpcException({ reason: 17 });
    }
    http() {
      throw new HttpException('teapot', 418);
    }
    bug() {
      throw new TypeError('undefined is not a function');
    }
  }
  const handlers = Object.getOwnPropertyNames(AnswersController.prototype).slice(1);
  decorate(AnswersController, {
    on: [Controller()],
    methods: Object.fromEntries(
      handlers.map((name) => [name, [MessagePattern(`${prefix}.${name}`), [0, Payload()]]]),
    ),
  });

  class AnswersModule {}
  return decorate(AnswersModule, { on: [Module({ controllers: [AnswersController] })] });
}

/** Our C++ client (messaging::Client::request_nest) against a server of one NestJS version. */
export function testServer(version, nest) {
  const prefix = `interop.nest${version}`;

  const calls = async (name, data, count = 1) => {
    const subject = `${prefix}.${name}`;
    const { stdout } = await promisify(execFile)(
      nestCall,
      [natsUrl, subject, JSON.stringify(data), String(count)],
      { timeout: 20_000 },
    );
    return stdout.trim().split('\n').map((line) => JSON.parse(line));
  };
  const call = async (name, data = {}) => (await calls(name, data))[0];

  describe(`our client and a NestJS ${version} server`, { skip: !nestCall && 'LINTEL_NEST_CALL is not set' }, () => {
    const servers = [];

    before(async () => {
      for (let i = 0; i < 2; i += 1) {
        const server = await nest.core.NestFactory.createMicroservice(serverModule(nest, prefix), {
          logger: false,
          transport: nest.microservices.Transport.NATS,
          options: { servers: [natsUrl], queue: 'interop-service' },
        });
        await server.listen();
        servers.push(server);
      }
    });
    after(() => Promise.all(servers.map((server) => server.close())));

    for (const value of [{ a: [1, 2.5, null, 'ü🏢'], id: 'x' }, [1, 2], 'text', 7, false]) {
      it(`gets ${JSON.stringify(value)} back`, async () => {
        assert.deepEqual(await call('echo', value), { value });
      });
    }

    it('gets null for null and for no value', async () => {
      assert.deepEqual(await call('none'), { value: null });
      assert.deepEqual(await call('nothing'), { value: null });
    });

    it('gets an answer that takes its time and has an id of its own', async () => {
      assert.deepEqual(await call('later', [3]), { value: { id: 'an id of its own', got: [3] } });
    });

    it('gets the value of an observable, the last of several', async () => {
      assert.deepEqual(await call('one'), { value: 'one' });
      assert.deepEqual(await call('many'), { value: 3 });
    });

    it('understands every form of an error', async () => {
      const { error: text } = await call('text');
      assert.deepEqual([text.code, text.detail], ['internal', 'out of paint']);
      const { error: object } = await call('object');
      assert.deepEqual([object.code, object.detail], ['not_found', 'no such door']);
      const { error: number } = await call('number');
      assert.equal(number.code, 'internal');
      assert.match(number.detail, /17/);
      for (const handler of ['http', 'bug']) {
        const { error } = await call(handler);
        assert.deepEqual([error.code, error.detail], ['internal', 'Internal server error']);
      }
    });

    it('is told that nobody listens', async () => {
      const { error } = await call('nobody');
      assert.equal(error.code, 'unavailable');
    });

    it('gets every answer of many calls at once', async () => {
      const answers = await calls('echo', { same: true }, 300);
      assert.equal(answers.length, 300);
      assert.ok(answers.every((answer) => answer.value?.same === true));
    });
  });
}
