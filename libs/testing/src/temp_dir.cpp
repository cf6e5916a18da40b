#include "lintel/testing/temp_dir.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "account.hpp"

namespace lintel::testing {

TempDir::TempDir(const std::string& prefix, const std::string& user)
{
    std::string name = (std::filesystem::temp_directory_path() / (prefix + "XXXXXX")).string();
    if (!mkdtemp(name.data())) throw std::system_error(errno, std::system_category(), "mkdtemp " + name);
    path_ = name;
    const passwd* owner = user.empty() || geteuid() != 0 ? nullptr : find_account(user);
    if (owner && chown(name.c_str(), owner->pw_uid, owner->pw_gid) != 0)
        throw std::system_error(errno, std::system_category(), "chown " + name);
}

TempDir::~TempDir()
{
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace lintel::testing
