#pragma once

#include <chrono>
#include <string>
#include <utility>

#include "lintel/testing/tcp_client.hpp"

namespace lintel::messaging {

/// A client of the broker that speaks its protocol byte for byte, to see and send exactly what is on the
/// wire.
class RawNats {
public:
    explicit RawNats(std::uint16_t port) : tcp_(port)
    {
        tcp_.read_until("\r\n");
        tcp_.send("CONNECT {\"verbose\":false,\"headers\":true,\"no_responders\":true}\r\n");
        sync();
    }

    void subscribe(const std::string& subject, const std::string& id = "1")
    {
        tcp_.send("SUB " + subject + " " + id + "\r\n");
        sync();
    }

    void publish(const std::string& subject, const std::string& reply, const std::string& payload)
    {
        tcp_.send("PUB " + subject + " " + (reply.empty() ? "" : reply + " ") +
                  std::to_string(payload.size()) + "\r\n" + payload + "\r\n");
    }

    /// `headers` are whole lines, each with its CRLF.
    void publish_with_headers(const std::string& subject, const std::string& reply,
                              const std::string& headers, const std::string& payload)
    {
        const auto block = "NATS/1.0\r\n" + headers + "\r\n";
        tcp_.send("HPUB " + subject + " " + (reply.empty() ? "" : reply + " ") +
                  std::to_string(block.size()) + " " + std::to_string(block.size() + payload.size()) +
                  "\r\n" + block + payload + "\r\n");
    }

    /// The next message as it is on the wire: its line, its headers if any, its payload.
    std::string next_message()
    {
        std::size_t end = 0;
        while (true) {
            const auto line_end = buffer_.find("\r\n");
            if (line_end != std::string::npos) {
                const auto line = buffer_.substr(0, line_end);
                end = line_end + 2;
                if (line.starts_with("MSG ") || line.starts_with("HMSG "))
                    end += std::stoul(line.substr(line.rfind(' ') + 1)) + 2;
                else
                    buffer_.erase(0, std::exchange(end, 0));
            }
            if (end > 0 && buffer_.size() >= end) break;
            if (!receive()) return {};
        }
        auto message = buffer_.substr(0, end);
        buffer_.erase(0, end);
        return message;
    }

    /// What arrives before the broker has answered a PING sent now: all it had for us by then.
    std::string sync()
    {
        tcp_.send("PING\r\n");
        while (!buffer_.ends_with("PONG\r\n")) {
            if (!receive()) break;
        }
        return std::exchange(buffer_, {});
    }

private:
    bool receive()
    {
        const auto more = tcp_.read_until("\r\n");
        buffer_ += more;
        return !more.empty();
    }

    testing::TcpClient tcp_;
    std::string buffer_;
};

}  // namespace lintel::messaging
