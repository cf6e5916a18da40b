#include "account.hpp"

#include <map>
#include <mutex>
#include <vector>

namespace lintel::testing {
namespace {

struct Account {
    std::vector<char> text = std::vector<char>(4096);
    passwd entry{};
    passwd* found = nullptr;
};

}  // namespace

const passwd* find_account(const std::string& user)
{
    static std::mutex mutex;
    static std::map<std::string, Account> known;
    std::lock_guard lock(mutex);
    const auto [at, is_new] = known.try_emplace(user);
    auto& account = at->second;
    if (is_new)
        getpwnam_r(user.c_str(), &account.entry, account.text.data(), account.text.size(), &account.found);
    return account.found;
}

}  // namespace lintel::testing
