import assert from 'node:assert/strict';

/*
 * What ADR-32 and the JSON schemas that the nats CLI validates against (micro v1: ping, info and stats response) ask
 * of the three answers, and the stricter rules of the nats.js conformance check: metadata that is not empty, and no key
 * that the specification does not name.
 */

const NAME = /^[A-Za-z0-9_-]+$/;
const NUMBER = '(0|[1-9]\\d*)';
const PRERELEASE = `(${NUMBER}|\\d*[a-zA-Z-][0-9a-zA-Z-]*)`;
const BUILD = '[0-9a-zA-Z-]+';
const SEMVER = new RegExp(
  `^${NUMBER}\\.${NUMBER}\\.${NUMBER}(-${PRERELEASE}(\\.${PRERELEASE})*)?(\\+${BUILD}(\\.${BUILD})*)?$`,
);
const RFC3339_UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

function assertKeys(object, required, optional = []) {
  for (const key of required) {
    assert.ok(Object.hasOwn(object, key), `${key} is missing in ${JSON.stringify(object)}`);
  }
  const unknown = Object.keys(object).filter((key) => !required.includes(key) && !optional.includes(key));
  assert.deepEqual(unknown, [], 'keys that the specification does not name');
}

function assertMetadata(metadata) {
  assert.ok(metadata !== null && typeof metadata === 'object' && !Array.isArray(metadata));
  for (const value of Object.values(metadata)) {
    assert.equal(typeof value, 'string');
  }
}

function assertCommon(answer, kind, more) {
  assertKeys(answer, ['type', 'name', 'id', 'version', 'metadata', ...more]);
  assert.equal(answer.type, `io.nats.micro.v1.${kind}_response`);
  assert.match(answer.name, NAME);
  assert.match(answer.id, /^[^\s.*>]+$/);
  assert.match(answer.version, SEMVER);
  assertMetadata(answer.metadata);
  assert.ok(Object.keys(answer.metadata).length > 0, 'metadata is empty');
}

export function assertPing(answer) {
  assertCommon(answer, 'ping', []);
}

export function assertInfo(answer) {
  assertCommon(answer, 'info', ['description', 'endpoints']);
  assert.equal(typeof answer.description, 'string');
  for (const endpoint of answer.endpoints) {
    assertKeys(endpoint, ['name', 'subject', 'queue_group', 'metadata']);
    assert.match(endpoint.name, NAME);
    assert.ok(endpoint.subject.length > 0 && !/\s/.test(endpoint.subject));
    assert.equal(typeof endpoint.queue_group, 'string');
    assertMetadata(endpoint.metadata);
  }
}

const COUNTS = ['num_requests', 'num_errors', 'processing_time', 'average_processing_time'];

export function assertStats(answer) {
  assertCommon(answer, 'stats', ['started', 'endpoints']);
  assert.match(answer.started, RFC3339_UTC);
  assert.ok(new Date(answer.started) <= new Date());
  for (const endpoint of answer.endpoints) {
    assertKeys(endpoint, ['name', 'subject', 'queue_group', 'last_error', ...COUNTS], ['data']);
    assert.match(endpoint.name, NAME);
    assert.equal(typeof endpoint.queue_group, 'string');
    assert.equal(typeof endpoint.last_error, 'string');
    for (const key of COUNTS) {
      assert.ok(Number.isSafeInteger(endpoint[key]) && endpoint[key] >= 0, `${key} is ${endpoint[key]}`);
    }
    assert.ok(endpoint.num_errors <= endpoint.num_requests);
    const { num_requests: requests, processing_time: total, average_processing_time: average } = endpoint;
    assert.equal(average, requests === 0 ? 0 : Math.floor(total / requests));
    if (Object.hasOwn(endpoint, 'data')) {
      assert.equal(typeof endpoint.data, 'string');
    }
  }
}
