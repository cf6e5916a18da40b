#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace lintel::workflows {

/// A way to a server on the loopback interface that can lose an answer: the server has done what it was
/// asked, and the connection ends before anybody hears of it.
class LossyWay {
public:
    explicit LossyWay(std::uint16_t server);
    ~LossyWay();
    LossyWay(const LossyWay&) = delete;
    LossyWay& operator=(const LossyWay&) = delete;

    std::uint16_t port() const noexcept { return port_; }
    /// The next `times` answers to what contains `request`, on connections that something with `earlier` has
    /// been sent on before.
    void lose_answer_to(std::string request, std::string earlier = {}, int times = 1);
    bool has_lost() const noexcept { return left_to_lose_ == 0; }

private:
    struct Pair {
        int client = -1;
        int server = -1;
        bool was_earlier = false;
        bool loses = false;
    };

    void run();
    void accept_one();
    /// False when the connection has ended.
    bool forward_request(Pair& pair);
    bool forward_answer(Pair& pair);

    const std::uint16_t server_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::vector<Pair> pairs_;
    std::mutex mutex_;
    std::string request_;
    std::string earlier_;
    int left_to_ask_ = 0;
    std::atomic<int> left_to_lose_ = 0;
    std::atomic<bool> is_over_ = false;
    std::thread thread_;
};

/// What a statement that has been prepared is sent as, up to its parameters: no portal, and its name.
std::string execution_of(const std::string& statement);

}  // namespace lintel::workflows
