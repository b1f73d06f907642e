#include "agent/network/sensor/recognise/handshake.h"

#include <algorithm>
#include <vector>

namespace assay::agent::sensor {
namespace {

constexpr std::uint8_t kHandshake = 22;
constexpr std::size_t kRecordHeader = 5;
constexpr std::size_t kMessageHeader = 4;
constexpr std::uint16_t kServerName = 0;
constexpr std::uint16_t kSupportedVersions = 43;

// Takes from the front; once something is missing, all that follows is empty.
class Cursor {
 public:
  explicit Cursor(Bytes bytes) : rest_(bytes) {}
  Bytes take(std::size_t size) {
    if (size > rest_.size()) {
      is_short_ = true;
      rest_ = {};
      return {};
    }
    const auto taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }
  std::size_t number(std::size_t octets) {
    std::size_t value = 0;
    for (const auto octet : take(octets)) value = value << 8U | octet;
    return value;
  }
  // A length of so many octets, then that many bytes.
  Bytes block(std::size_t octets) {
    const auto size = number(octets);
    return is_short_ ? Bytes() : take(size);
  }
  [[nodiscard]] bool is_short() const { return is_short_; }
  [[nodiscard]] bool is_empty() const { return rest_.empty(); }
  [[nodiscard]] Bytes rest() const { return rest_; }

 private:
  Bytes rest_;
  bool is_short_ = false;
};

// The message at the start, behind its header, as far as it is there. A message that is spread
// over records is put together in `*joined`.
Bytes first_message(Bytes stream, std::vector<std::uint8_t>* joined) {
  Bytes message;
  while (stream.size() > kRecordHeader && stream[0] == kHandshake) {
    const std::size_t length = be16(stream.data() + 3);
    const auto part =
        stream.subspan(kRecordHeader, std::min(length, stream.size() - kRecordHeader));
    if (joined->empty() && message.empty()) {
      message = part;
    } else {
      if (joined->empty()) joined->assign(message.begin(), message.end());
      joined->insert(joined->end(), part.begin(), part.end());
      message = *joined;
    }
    if (message.size() >= kMessageHeader) {
      const std::size_t wanted = be32(message.data()) & 0xffffffU;
      if (message.size() - kMessageHeader >= wanted) return message.subspan(kMessageHeader, wanted);
    }
    stream = stream.subspan(std::min(stream.size(), kRecordHeader + length));
  }
  return message.size() > kMessageHeader ? message.subspan(kMessageHeader) : Bytes();
}

template <typename Visit>
void each_extension(Cursor& cursor, const Visit& visit) {
  (void)cursor.number(2);  // the length of all: the extensions say theirs themselves
  while (!cursor.is_short() && !cursor.is_empty()) {
    const auto type = cursor.number(2);
    const auto body = cursor.block(2);
    if (!cursor.is_short()) visit(static_cast<std::uint16_t>(type), body);
  }
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kMaxName && std::ranges::all_of(text, [](char each) {
    return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') ||
           (each >= '0' && each <= '9') || each == '-' || each == '.' || each == '_';
  });
}

}  // namespace

void read_client_hello(Bytes stream, Recognised* found) {
  std::vector<std::uint8_t> joined;
  Cursor cursor(first_message(stream, &joined));
  (void)cursor.take(2 + 32);  // version, random
  (void)cursor.block(1);      // session
  (void)cursor.block(2);      // suites
  (void)cursor.block(1);      // compression
  each_extension(cursor, [&](std::uint16_t type, Bytes body) {
    if (type != kServerName) return;
    Cursor names(body);
    (void)names.number(2);
    const auto kind = names.number(1);
    const auto name = text_of(names.block(2));
    if (kind == 0 && !names.is_short() && is_name(name)) found->name = name;
  });
}

bool read_server_hello(Bytes stream, Recognised* found) {
  if (stream.size() <= kRecordHeader) return false;
  if (stream[kRecordHeader] != 2) return true;  // no ServerHello comes first: nothing to learn
  std::vector<std::uint8_t> joined;
  Cursor cursor(first_message(stream, &joined));
  const auto version = cursor.number(2);
  (void)cursor.take(32);
  (void)cursor.block(1);
  const auto suite = cursor.number(2);
  (void)cursor.number(1);
  if (cursor.is_short()) return false;
  found->tls_version = static_cast<std::uint16_t>(version);
  found->tls_suite = static_cast<std::uint16_t>(suite);
  if (cursor.is_empty()) return true;
  each_extension(cursor, [&](std::uint16_t type, Bytes body) {
    if (type == kSupportedVersions && body.size() == 2) found->tls_version = be16(body.data());
  });
  return !cursor.is_short();
}

}  // namespace assay::agent::sensor
