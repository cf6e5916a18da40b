#pragma once

#include <filesystem>
#include <string>

namespace lintel::testing {

/// A directory of its own under the system's temporary directory, removed with everything in it.
class TempDir {
public:
    /// `user` becomes its owner when this process is root.
    explicit TempDir(const std::string& prefix = "lintel-test-", const std::string& user = {});
    ~TempDir();
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;

    const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

}  // namespace lintel::testing
