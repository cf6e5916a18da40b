#pragma once

#include <pwd.h>

#include <string>

namespace lintel::testing {

/// The entry of a user of this machine, for as long as the program runs; nullptr when there is none. Unlike
/// getpwnam(3) it may be asked by several threads.
const passwd* find_account(const std::string& user);

}  // namespace lintel::testing
