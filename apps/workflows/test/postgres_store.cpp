#include "postgres_store.hpp"

#include "command_text.hpp"

namespace lintel::workflows {

workflow::Command PostgresStore::command_of(const storage::Row& row)
{
    return command_from_text(row.get<std::string_view>("command"));
}

void PostgresStore::deliver(const core::Id& letter, const workflow::Command& command)
{
    RunEvent event;
    event.letter = letter;
    if (const auto* child = std::get_if<workflow::StartChild>(&command)) {
        start({child->id, child->definition, {}, child->input, child->parent});
        const std::vector<core::Id> done{letter};
        query(sql::remove_mail, storage::array_of(done));
        return;
    }
    if (const auto* told = std::get_if<workflow::TellParent>(&command)) {
        event.run = told->parent.run;
        event.event = told->ended;
    } else {
        const auto& end = std::get<workflow::EndChild>(command);
        event.run = end.id;
        if (end.terminates)
            event.event = workflow::Terminate{"ended by its parent"};
        else
            event.event = workflow::Cancel{"ended by its parent"};
    }
    one(std::move(event), {});
}

}  // namespace lintel::workflows
