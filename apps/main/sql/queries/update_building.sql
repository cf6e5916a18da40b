-- The second half of a change, under the lock of lock_building.
UPDATE buildings
SET version = $2, name = $3, kind = $4, category = $5, parent_id = $6, street = $7, city = $8, region = $9,
    postal_code = $10, country = $11, latitude = $12, longitude = $13, year_built = $14, floor_area_m2 = $15,
    floors = $16, owner_user_id = $17, owner_org_id = $18, attributes = $19::jsonb, metadata = $20::jsonb,
    updated_at = $21
WHERE id = $1::uuid
