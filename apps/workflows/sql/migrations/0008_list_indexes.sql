-- What has ended otherwise than it should is what people look for, and few beside what has been completed. NULLS LAST is
-- an order that the primary key does not have, or the planner would rather walk that where it takes many for such.
CREATE INDEX workflows_unsuccessful ON workflows (status, id)
    WHERE finished_at IS NOT NULL AND status <> 'completed' AND deleted_at IS NULL;
CREATE INDEX workflows_unsuccessful_by_definition ON workflows (definition, status, id DESC NULLS LAST)
    WHERE finished_at IS NOT NULL AND status <> 'completed' AND deleted_at IS NULL;
