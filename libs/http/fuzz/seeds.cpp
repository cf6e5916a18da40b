// Writes the first corpus of each fuzzer: http_fuzz_seeds DIRECTORY makes DIRECTORY/target and
// DIRECTORY/reader.

#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

namespace {

void write(const std::filesystem::path& directory, const std::vector<std::string>& seeds)
{
    std::filesystem::create_directories(directory);
    for (std::size_t i = 0; i < seeds.size(); ++i)
        std::ofstream(directory / ("seed-" + std::to_string(i)), std::ios::binary) << seeds[i];
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc != 2) {
        std::cerr << "usage: " << argv[0] << " DIRECTORY\n";
        return 2;
    }
    const std::filesystem::path root(argv[1]);
    write(root / "target", {
                               "/v1/buildings?kind=store&city=S%C3%A3o+Paulo&pageToken=a%2Fb",
                               "/v1/buildings/%e2%82%ac",
                               "http://example.com:80/v1/a/b/c?x",
                               "*",
                               "/%00%zz%ED%A0%80%F4%90%80%80",
                               "application/json; charset=\"utf-8\"",
                               "text/html, application/*;q=0.5, */*;q=0",
                               "Bearer secret",
                           });
    const std::string head = "POST /a HTTP/1.1\r\nHost: h\r\n";
    write(root / "reader",
          {
              "\x01GET / HTTP/1.1\r\nHost: h\r\n\r\n",
              "\x07" + head + "Content-Length: 5\r\n\r\nhelloGET",
              "\x02" + head + "Transfer-Encoding: chunked\r\n\r\n3;a=\"b\"\r\nhel\r\n0\r\nX: y\r\n\r\n",
              "\x03" + head + "Transfer-Encoding: chunked\r\n\r\n-1\r\n",
              "\x04" + head + "Expect: 100-continue\r\nContent-Length: 1\r\n\r\n",
              "\x05\r\nGET / HTTP/1.0\r\nConnection: keep-alive\r\nX: a\r\n b\r\n\r\n",
          });
    return 0;
}
