#pragma once

#include <cstdint>

#include "lintel/testing/database.hpp"

namespace lintel::testing {

/// Counts what statements read in a database, whoever carries them out, and makes Postgres plan them as it
/// does for a service that has been up for a while: without looking at their parameters.
///
/// Make it before the connections whose statements are to be counted. One test of a program at a time.
class Reads {
public:
    explicit Reads(const Database& database);

    /// How many blocks of tables and indexes the statements touch that `work` makes others carry out.
    template <typename Work>
    std::int64_t by(Work work) const
    {
        forget();
        work();
        return blocks();
    }

private:
    void forget() const;
    std::int64_t blocks() const;

    const Database& database_;
};

}  // namespace lintel::testing
