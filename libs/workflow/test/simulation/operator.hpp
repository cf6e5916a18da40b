#pragma once

#include <string>

#include "checks.hpp"
#include "memory_store.hpp"
#include "random.hpp"

namespace lintel::workflow::simulation {

/// Everybody who asks something of runs: starts them, sends signals (early, twice), meddles and mends.
class Operator {
public:
    /// All references must outlive it.
    Operator(MemoryStore& store, const MemoryStore::Catalog& catalog, Checks& checks, Random& random)
        : store_(store), catalog_(catalog), checks_(checks), random_(random)
    {
    }

    std::string act();
    /// Resumes what is paused.
    void resume_all();
    /// Gives everything that waits for somebody what it waits for: signals, replays. False when nothing did.
    bool serve_all();

private:
    std::string start();
    std::string send_signal();
    std::string ask();
    void give_signal(const Run& run, const std::string& name);

    MemoryStore& store_;
    const MemoryStore::Catalog& catalog_;
    Checks& checks_;
    Random& random_;
    int last_signal_ = 0;
};

}  // namespace lintel::workflow::simulation
