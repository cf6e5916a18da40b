-- What has happened to a delivery that is new or locked.
INSERT INTO delivery_events (delivery_id, sequence, at, kind, carrier, carrier_reference, received_by, reason, note,
                             is_final)
SELECT $1, sequence, at, kind, carrier, carrier_reference, received_by, reason, note, is_final
FROM unnest($2::bigint[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
            $10::boolean[])
    AS item (sequence, at, kind, carrier, carrier_reference, received_by, reason, note, is_final)
