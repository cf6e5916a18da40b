#include "process_metrics.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>

namespace lintel::service {
namespace {

double resident_bytes()
{
    std::ifstream statm("/proc/self/statm");
    double total_pages = 0;
    double resident_pages = 0;
    statm >> total_pages >> resident_pages;
    return resident_pages * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double cpu_seconds()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double open_files()
{
    std::error_code error;
    double count = 0;
    for (std::filesystem::directory_iterator entry("/proc/self/fd", error), end; !error && entry != end;
         entry.increment(error))
        ++count;
    return count;
}

}  // namespace

void add_process_metrics(telemetry::Metrics& metrics, const std::string& service, const std::string& version)
{
    metrics
        .gauge("lintel_build_info", "Which build this is; always 1.",
               {{"service", service}, {"version", version}})
        .set(1);
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    metrics.gauge("process_start_time_seconds", "When the process started, in seconds since 1970.")
        .set(std::chrono::duration<double>(since_epoch).count());
    auto resident = metrics.gauge("process_resident_memory_bytes", "Resident memory.");
    auto cpu = metrics.gauge("process_cpu_seconds_total", "Processor time, user and system.");
    auto files = metrics.gauge("process_open_fds", "Open file descriptors.");
    metrics.before_render([resident, cpu, files]() mutable {
        resident.set(resident_bytes());
        cpu.set(cpu_seconds());
        files.set(open_files());
    });
}

}  // namespace lintel::service
