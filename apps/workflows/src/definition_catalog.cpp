#include "definition_catalog.hpp"

#include <algorithm>

#include "lintel/core/error.hpp"
#include "lintel/core/json.hpp"
#include "lintel/workflows/sql/queries.hpp"
#include "shipped_definitions.hpp"

namespace lintel::workflows {
namespace {

using workflow::Scope;

bool takes_signals(const Scope& scope)
{
    return std::any_of(scope.begin(), scope.end(), [](const workflow::Step& step) {
        if (std::holds_alternative<workflow::SignalStep>(step.kind)) return true;
        if (const auto* each = std::get_if<workflow::ForEachStep>(&step.kind))
            return takes_signals(each->steps);
        if (const auto* choice = std::get_if<workflow::SwitchStep>(&step.kind))
            return takes_signals(choice->otherwise) ||
                   std::any_of(choice->cases.begin(), choice->cases.end(),
                               [](const auto& each) { return takes_signals(each.steps); });
        return false;
    });
}

/// What comes with the service is there from the first request on, also before this process has come round to
/// storing it.
bool install_shipped(storage::Transaction& transaction, const std::string& name)
{
    bool is_installed = false;
    for (const auto* document : shipped_definitions()) {
        const auto definition = workflow::parse_definition(core::parse_json(document));
        if (definition->name != name) continue;
        transaction.exec(sql::insert_definition, core::Id::generate(), name, definition->version, document);
        is_installed = true;
    }
    return is_installed;
}

}  // namespace

std::shared_ptr<const workflow::Definition> stored_definition(std::string_view document, std::int64_t version)
{
    auto definition =
        std::make_shared<workflow::Definition>(*workflow::parse_definition(core::parse_json(document)));
    definition->version = version;
    return definition;
}

CatalogEntry DefinitionCatalog::get(storage::Transaction& transaction, const std::string& name,
                                    std::int64_t version)
{
    if (version != 0) {
        std::lock_guard lock(mutex_);
        const auto known = known_.find({name, version});
        if (known != known_.end()) return known->second;
    }
    auto rows = transaction.exec(sql::get_definition, name, version);
    if (rows.empty() && install_shipped(transaction, name))
        rows = transaction.exec(sql::get_definition, name, version);
    if (rows.empty())
        throw core::Error(core::ErrorCode::not_found,
                          "there is no definition '" + name + "'" +
                              (version == 0 ? "" : " of version " + std::to_string(version)));
    version = rows[0].get<std::int64_t>("version");
    CatalogEntry entry{stored_definition(rows[0].get<std::string_view>("document"), version), false};
    entry.takes_signals = takes_signals(entry.definition->steps);
    std::lock_guard lock(mutex_);
    return known_.try_emplace({name, version}, std::move(entry)).first->second;
}

}  // namespace lintel::workflows
