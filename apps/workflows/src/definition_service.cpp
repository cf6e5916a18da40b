#include "definition_service.hpp"

#include <nlohmann/json.hpp>

#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"
#include "lintel/storage/idempotency.hpp"
#include "lintel/telemetry/log.hpp"
#include "lintel/workflow/definition.hpp"
#include "lintel/workflows/sql/queries.hpp"
#include "shipped_definitions.hpp"

namespace lintel::workflows {
namespace {

using contracts::Definition;
using core::Error;
using core::ErrorCode;

std::optional<std::string> description_of(const std::string& document)
{
    const auto value = nlohmann::json::parse(document);
    const auto description = value.find("description");
    if (description == value.end()) return std::nullopt;
    return description->get<std::string>();
}

Definition definition_of(const storage::Row& row)
{
    Definition definition;
    definition.id = row.get<core::Id>("id");
    definition.name = row.get<std::string>("name");
    definition.version = row.get<std::int64_t>("version");
    definition.document = row.get<std::string>("document");
    definition.description = description_of(definition.document);
    definition.created_at = row.get<core::Timestamp>("created_at");
    return definition;
}

bool is_same(const std::string& stored, const nlohmann::json& document)
{
    return nlohmann::json::parse(stored) == document;
}

/// Faults of the document, as faults of the request that carries it.
std::shared_ptr<const workflow::Definition> parsed(const nlohmann::json& document)
{
    try {
        return workflow::parse_definition(document);
    } catch (const Error& error) {
        auto fields = error.fields();
        for (auto& field : fields)
            field.pointer = "/document" + field.pointer;
        throw Error(error.code(), error.what(), std::move(fields));
    }
}

contracts::DefinitionCreated created(Definition definition)
{
    contracts::DefinitionCreated answer;
    static_cast<Definition&>(answer) = std::move(definition);
    return answer;
}

std::optional<Definition> find_version(storage::Transaction& transaction, const std::string& name,
                                       std::int64_t version)
{
    const auto rows = transaction.exec(sql::get_definition, name, version);
    return rows.empty() ? std::nullopt : std::optional(definition_of(rows[0]));
}

/// Stores the definition that `text` says, unless the very same is there.
contracts::DefinitionCreated store(storage::Transaction& transaction, const core::Id& id,
                                   const workflow::Definition& definition, const nlohmann::json& document,
                                   const std::string& text)
{
    const auto& name = definition.name;
    auto known = find_version(transaction, name, definition.version);
    bool is_new = false;
    if (!known || !is_same(known->document, document)) {
        const auto version = definition.version == 0 ? std::nullopt : std::optional(definition.version);
        const auto rows = transaction.exec(sql::insert_definition, id, name, version, text);
        is_new = !rows.empty();
        const auto stored = is_new ? rows[0].get<std::int64_t>("version") : definition.version;
        known = find_version(transaction, name, stored);
        if (!known || !is_same(known->document, document))
            throw Error(ErrorCode::conflict,
                        "'" + name + "' has another document as version " + std::to_string(stored) +
                            "; a version never changes, so give the new one another number");
    }
    auto answer = created(std::move(*known));
    answer.is_existing = !is_new;
    return answer;
}

}  // namespace

DefinitionService::DefinitionService(storage::Pool& pool, Options options) : pool_(pool), options_(options)
{
}

core::Task<contracts::DefinitionCreated> DefinitionService::create(telemetry::Context context,
                                                                   contracts::DefinitionCreate request,
                                                                   std::string key)
{
    const auto document = core::parse_json(request.document);
    const auto definition = parsed(document);
    auto used = storage::make_idempotency_key("definitions.create", std::move(key), request.document,
                                              options_.key_ttl);
    auto body = [definition, document, text = std::move(request.document), used = std::move(used),
                 id = core::Id::generate()](storage::Transaction& transaction) {
        if (const auto known = storage::claim_idempotency_key(transaction, used, id)) {
            auto again = created(definition_of(transaction.exec(sql::find_definition, *known).one()));
            again.is_replay = true;
            return again;
        }
        auto answer = store(transaction, id, *definition, document, text);
        // Nothing has this id then; who asks again finds it existing again.
        if (used && answer.is_existing) storage::release_idempotency_key(transaction, *used);
        return answer;
    };
    co_return co_await pool_.transact(std::move(context), std::move(body));
}

core::Task<std::optional<Definition>> DefinitionService::find(telemetry::Context context, std::string name,
                                                              std::int64_t version)
{
    const auto rows = co_await pool_.query(std::move(context), sql::get_definition, name, version);
    if (rows.empty()) co_return std::nullopt;
    co_return definition_of(rows[0]);
}

core::Task<Definition> DefinitionService::get(telemetry::Context context, contracts::DefinitionGet request)
{
    auto definition = co_await find(std::move(context), request.name, request.version.value_or(0));
    if (!definition)
        throw Error(ErrorCode::not_found,
                    "there is no definition '" + request.name + "'" +
                        (request.version ? " of version " + std::to_string(*request.version) : ""));
    co_return std::move(*definition);
}

core::Task<contracts::DefinitionPage> DefinitionService::list(telemetry::Context context,
                                                              contracts::DefinitionList request)
{
    const auto filters = core::page_filters("definitions", request);
    const auto after = request.page_token ? core::parse_page_token(*request.page_token, filters) : core::Id();
    const auto size = options_.pages.size(request.page_size);
    const auto limit = static_cast<std::int64_t>(size) + 1;
    const auto rows = co_await pool_.query(std::move(context), sql::list_definitions, after, limit);
    contracts::DefinitionPage page;
    for (const auto row : rows) {
        auto definition = definition_of(row);
        page.items.push_back({definition.id, std::move(definition.name), std::move(definition.description),
                              definition.created_at, definition.version});
    }
    core::cut_page(page, size, options_.pages.bytes, filters);
    co_return page;
}

core::Task<void> DefinitionService::install_shipped(telemetry::Context context)
{
    for (const auto* document : shipped_definitions()) {
        const auto definition = workflow::parse_definition(core::parse_json(document));
        const auto id = core::Id::generate();
        const auto rows = co_await pool_.execute(context, sql::insert_definition, id, definition->name,
                                                 definition->version, document);
        if (!rows.empty())
            telemetry::log(telemetry::LogLevel::info, "a definition was installed",
                           {{"definition", definition->name}, {"version", definition->version}});
    }
}

}  // namespace lintel::workflows
