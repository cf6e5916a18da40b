#pragma once

#include "turn.hpp"

namespace lintel::workflow {

/// What somebody who looks after runs may want done again. Each throws Error{conflict} or {not_found}, before
/// anything is changed, when it can't be.
void retry(Turn& turn);
void rerun(Turn& turn, const Rerun& wish);
void replay(Turn& turn, const Replay& wish);

}  // namespace lintel::workflow
