// MongoDB: OP_MSG (from 3.6 on).
//
// Sent: hello and buildInfo, which anybody may ask; listDatabases with names alone, to see whether
// a log-in is demanded.
#include "agent/network/services/protocols/mongodb/bson.h"
#include "agent/network/services/protocols/product.h"
#include "agent/network/services/protocols/registry.h"

namespace assay::agent::services {

namespace {

constexpr std::size_t kHead = 21;  // header (16), flags (4), kind of section (1)
constexpr std::size_t kMaxMessage = 128U << 10U;
constexpr std::uint32_t kOpMsg = 2013;

std::string number(std::size_t value) {
  std::string out;
  for (int i = 0; i < 4; ++i) out += static_cast<char>(value >> (8U * static_cast<unsigned>(i)));
  return out;
}

// {command: 1, $db: "admin"}
std::string message(std::string_view command) {
  std::string fields = "\x10" + std::string(command) + '\0' + number(1);
  if (command == "listDatabases") fields += std::string("\x08nameOnly\0\x01", 11);
  fields += std::string("\x02$db\0", 5) + number(6) + std::string("admin\0", 6) + '\0';
  const auto document = number(fields.size() + 4) + fields;
  return number(kHead + document.size()) + number(1) + number(0) + number(kOpMsg) + number(0) +
         '\0' + document;
}

const BsonField* find(const std::vector<BsonField>& fields, std::string_view name) {
  const auto found = std::ranges::find(fields, name, &BsonField::name);
  return found == fields.end() ? nullptr : &*found;
}

class Mongodb : public Dialogue {
 public:
  std::string opening() override { return message("hello"); }

  Turn take(std::string& received, std::string& send) override {
    const auto foreign = facts.protocol.empty() ? Turn::kForeign : Turn::kDone;
    for (;;) {
      if (received.size() < 16) return facts.protocol.empty() ? Turn::kMore : Turn::kMet;
      const std::size_t length = little_endian(received);
      if (length < kHead + 5 || length > kMaxMessage) return foreign;
      if (little_endian(std::string_view(received).substr(12)) != kOpMsg) return foreign;
      if (received.size() < length) return facts.protocol.empty() ? Turn::kMore : Turn::kMet;
      const auto fields = parse_bson(std::string_view(received).substr(kHead, length - kHead));
      if (!fields) return foreign;
      const auto turn = answer(*fields, send);
      received.erase(0, length);
      if (turn != Turn::kMet) return turn;
    }
  }

 private:
  Turn answer(const std::vector<BsonField>& fields, std::string& send) {
    const auto* ok = find(fields, "ok");
    if (facts.protocol.empty()) {
      if (ok == nullptr || find(fields, "maxWireVersion") == nullptr) return Turn::kForeign;
      facts.protocol = "mongodb";
      facts.product = "MongoDB";
      send += message("buildInfo");
      return Turn::kMet;
    }
    if (!asks_for_names_) {
      if (const auto* version = find(fields, "version"); version != nullptr && version->type == 2)
        facts.version = printable(version->value, 40);
      asks_for_names_ = true;
      send += message("listDatabases");
      return Turn::kMet;
    }
    const bool is_open = ok != nullptr && ok->number().value_or(0) == 1;
    const auto* code = find(fields, "code");
    constexpr std::int64_t kUnauthorized = 13;
    const auto reason = code == nullptr ? std::nullopt : code->number();
    if (is_open || reason == kUnauthorized || reason == 18) facts.authentication = !is_open;
    return Turn::kDone;
  }

  bool asks_for_names_ = false;
};

}  // namespace

std::unique_ptr<Dialogue> make_mongodb(const Setting&) {
  return std::make_unique<Mongodb>();
}

}  // namespace assay::agent::services
