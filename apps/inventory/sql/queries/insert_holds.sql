-- New holds.
INSERT INTO holds (id, version, order_id, building_id, state, currency, lines, total, expires_at, owner_user_id,
                   owner_org_id, attributes, metadata, created_at, updated_at)
SELECT id, version, order_id, building_id, state, currency, lines, total, expires_at, owner_user_id, owner_org_id,
       attributes, metadata, now, now
FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::jsonb[], $8::bigint[],
            $9::timestamptz[], $10::text[], $11::text[], $12::text[], $13::text[], $14::timestamptz[])
    AS item (id, version, order_id, building_id, state, currency, lines, total, expires_at, owner_user_id, owner_org_id,
             attributes, metadata, now)
