#pragma once

#include <cstdint>
#include <string>

#include "lintel/testing/database.hpp"

namespace lintel::testing {

/// Counts what statements read in a database, whoever carries them out, and makes Postgres plan them as it
/// does for a service that has been up for a while: without looking at their parameters.
///
/// Make it before the connections whose statements are to be counted. One test of a program at a time. The
/// database has a function id(bigint) then, for numbered_id().
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

    /// Checks tables as they are when nobody has analysed them, and as they are later.
    template <typename Check>
    void twice(Check check) const
    {
        check();
        database_.query("ANALYZE");
        check();
    }

private:
    void forget() const;
    std::int64_t blocks() const;

    const Database& database_;
};

/// The UUID with this number at its end, in the order of the numbers.
std::string numbered_id(int number);

}  // namespace lintel::testing
