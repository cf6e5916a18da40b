#pragma once

#include <string_view>

namespace lintel::core {

/// A named place at which a test may crash or delay this process, to prove what happens when it dies just
/// there.
///
/// The environment variable LINTEL_FAILPOINTS arms them: `name=action[@n][,...]`, where action is `crash`
/// (SIGKILL) or `sleep:<milliseconds>`, and n is the pass at which it happens (every pass when absent). Only
/// builds with the CMake option LINTEL_FAILPOINTS have them; in all others the call is nothing.
#ifdef LINTEL_FAILPOINTS
void failpoint(std::string_view name);
#else
inline void failpoint(std::string_view)
{
}
#endif

/// Whether what would be sent at this place is lost instead. Armed by `name=drop:<per mille>[@seed]`: of so
/// many passes out of a thousand, at random, the same ones for the same seed. Thread-safe.
#ifdef LINTEL_FAILPOINTS
bool failpoint_drops(std::string_view name);
#else
inline bool failpoint_drops(std::string_view)
{
    return false;
}
#endif

}  // namespace lintel::core
