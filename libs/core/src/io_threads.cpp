#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <thread>

#include "lintel/core/executor.hpp"

namespace lintel::core {

struct IoThreads::State {
    explicit State(unsigned threads)
        : context(static_cast<int>(threads)), work(context.get_executor()), executor(context)
    {
        for (unsigned i = 0; i < threads; ++i)
            pool.emplace_back([this] { context.run(); });
    }
    ~State()
    {
        context.stop();
        for (auto& thread : pool)
            thread.join();
    }

    boost::asio::io_context context;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work;
    Executor executor;
    std::vector<std::thread> pool;
};

IoThreads::IoThreads(unsigned threads) : state_(std::make_unique<State>(threads))
{
}

IoThreads::~IoThreads() = default;

Executor& IoThreads::executor() noexcept
{
    return state_->executor;
}

}  // namespace lintel::core
