#include "agent/host/proc_net.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <charconv>
#include <cstring>
#include <optional>

#include "agent/host/live_host.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxBytes = 64U << 20U;
constexpr std::string_view kTcpListens = "0A";
constexpr std::string_view kUdpHasNoPeer = "07";
// Of a line: "sl local remote state queues timer retransmits uid timeout inode …".
constexpr std::size_t kLocal = 1;
constexpr std::size_t kState = 3;
constexpr std::size_t kUid = 7;
constexpr std::size_t kInode = 9;

template <typename Number>
std::optional<Number> number_in(std::string_view text, int base) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (;;) {
    const auto begin = line.find_first_not_of(' ');
    if (begin == std::string_view::npos) return words;
    line.remove_prefix(begin);
    const auto end = std::min(line.find(' '), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

// "0100007F": each group of eight digits is a word of the address in this machine's byte order.
std::optional<std::string> address_in(std::string_view digits, std::uint8_t family) {
  std::array<std::uint32_t, 4> words{};
  const std::size_t count = family == AF_INET ? 1 : words.size();
  if (digits.size() != count * 8) return std::nullopt;
  for (std::size_t i = 0; i < count; ++i) {
    const auto word = number_in<std::uint32_t>(digits.substr(i * 8, 8), 16);
    if (!word) return std::nullopt;
    words[i] = *word;
  }
  char text[INET6_ADDRSTRLEN];
  if (::inet_ntop(family, words.data(), text, sizeof text) == nullptr) return std::nullopt;
  return text;
}

std::optional<Socket> socket_in(const std::vector<std::string_view>& words, std::uint8_t protocol,
                                std::uint8_t family) {
  const auto local = words[kLocal];
  const auto colon = local.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  auto address = address_in(local.substr(0, colon), family);
  const auto port = number_in<std::uint16_t>(local.substr(colon + 1), 16);
  const auto uid = number_in<std::uint32_t>(words[kUid], 10);
  const auto inode = number_in<std::uint64_t>(words[kInode], 10);
  if (!address || !port || !uid || !inode) return std::nullopt;
  return Socket{protocol, family, *std::move(address), *port, *uid, *inode};
}

}  // namespace

Result<std::vector<Socket>> parse_proc_net(std::string_view text, std::uint8_t protocol,
                                           std::uint8_t family) {
  std::vector<Socket> sockets;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto words = words_of(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (number == 1) continue;  // the names of the columns
    const auto socket = words.size() > kInode ? socket_in(words, protocol, family) : std::nullopt;
    if (!socket)
      return fail(Code::kInvalidData, "line " + std::to_string(number) + " describes no socket");
    if (words[kState] == (protocol == IPPROTO_TCP ? kTcpListens : kUdpHasNoPeer))
      sockets.push_back(*socket);
  }
  return sockets;
}

Result<std::vector<Socket>> read_proc_net(std::uint8_t protocol, std::uint8_t family) {
  std::string path = protocol == IPPROTO_TCP ? "/proc/net/tcp" : "/proc/net/udp";
  if (family == AF_INET6) path += '6';
  LiveHost host;
  const auto text = host.read_file(path, kMaxBytes);
  if (!text) {
    if (text.error().code() == Code::kNotFound) return std::vector<Socket>();
    return fail(text.error());
  }
  auto sockets = parse_proc_net(*text, protocol, family);
  if (!sockets) return fail(sockets.error().within("reading " + path));
  return sockets;
}

}  // namespace assay::agent
