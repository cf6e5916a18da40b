import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'nats';

/** Where the stack under test listens; test/interop/run starts one and sets these. */
export const natsUrl = process.env.LINTEL_NATS_URL ?? 'nats://127.0.0.1:4222';

/** What a well-formed id of ours looks like (UUID version 7). */
export const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** RFC 3339, UTC, with milliseconds. */
export const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

export const WORKFLOW_KEYS = [
  'attributes',
  'buildingId',
  'createdAt',
  'definition',
  'definitionVersion',
  'deletedAt',
  'id',
  'input',
  'metadata',
  'name',
  'owner',
  'priority',
  'status',
  'updatedAt',
  'version',
];

/** What stays the same of a workflow while it is carried out, and is shown in lists too. */
export function lasting({ status, version, updatedAt, finishedAt, input, output, ...rest }) {
  return rest;
}

/** A raw connection, for what no client library would send. */
export function connectRaw() {
  return connect({ servers: natsUrl });
}

/** An id that no other test uses. */
export function newBuildingId() {
  return randomUUID();
}

/** Asks again until the answer pleases, because an event has no answer of its own. */
export async function eventually(question, isGood, milliseconds = 5000) {
  const until = Date.now() + milliseconds;
  let answer = await question();
  while (!isGood(answer) && Date.now() < until) {
    await sleep(50);
    answer = await question();
  }
  return answer;
}
