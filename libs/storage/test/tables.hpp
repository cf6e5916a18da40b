#pragma once

namespace lintel::storage::test {

// The tables that an application has for the library, as README.md shows them.

constexpr const char* kIntents = R"(
    CREATE TABLE intents (
        id uuid PRIMARY KEY, subject text NOT NULL, payload text NOT NULL, idempotency_key text NOT NULL,
        resource_id uuid NOT NULL, state text NOT NULL DEFAULT 'pending', attempts int NOT NULL DEFAULT 0,
        next_attempt_at timestamptz NOT NULL, last_error text, created_at timestamptz NOT NULL DEFAULT now());
    CREATE INDEX intents_due ON intents (next_attempt_at) WHERE state = 'pending')";

constexpr const char* kIdempotencyKeys = R"(
    CREATE TABLE idempotency_keys (
        scope text, key text, fingerprint uuid NOT NULL, resource_id uuid NOT NULL,
        created_at timestamptz NOT NULL, expires_at timestamptz NOT NULL, PRIMARY KEY (scope, key));
    CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at))";

}  // namespace lintel::storage::test
