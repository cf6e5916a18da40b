#pragma once

#include <string>

namespace lintel::main {

/// The Idempotency-Key under which a worker set is asked for what a client wants. Worker sets remember keys
/// of clients beside those that services give by themselves, such as `building-onboarding/ID` and
/// `RUN/STEP/GENERATION`. A client's key of such a form goes under another name, so that the two never meet.
/// Every other one goes as it is, which is how it has always gone: what is remembered of it is found.
std::string forwarded_key(std::string key);

/// For a request without one: a key of its own, under which it may be sent more than once.
std::string fresh_key();

}  // namespace lintel::main
