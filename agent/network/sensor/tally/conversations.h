// Who speaks with whom about what: flows added up by client, server and service, so that a thousand
// connections of one client are one row.
//
// The number of rows is bounded. Past it, and past a smaller bound for what nobody answers, rows of
// many clients become one (client: nobody), then rows of many servers; folded() counts the flows.
#pragma once

#include <optional>

#include "agent/network/sensor/tally/tally.h"

namespace assay::agent::sensor {

struct ConversationKey {
  std::optional<Address> client;  // nothing: many
  std::optional<Address> server;
  std::uint16_t server_port = 0;  // 0: none, or many
  std::uint16_t vlan = 0;
  std::uint16_t inner_vlan = 0;
  std::uint16_t tls_version = 0;
  std::uint16_t tls_suite = 0;
  std::uint32_t name = 0;
  std::uint8_t protocol = 0;
  std::uint8_t service = 0;
  Began began = Began::kFirst;

  bool operator==(const ConversationKey&) const = default;
  [[nodiscard]] std::uint64_t hash(std::uint64_t seed) const;
};

struct Conversation {
  std::uint64_t flows = 0;
  std::uint64_t answered = 0;
  std::uint64_t packets_to_server = 0;
  std::uint64_t packets_to_client = 0;
  std::uint64_t bytes_to_server = 0;
  std::uint64_t bytes_to_client = 0;
  std::uint64_t off_hours = 0;
  Seen seen;
};

class Conversations {
 public:
  Conversations(std::size_t limit, std::uint64_t seed);

  void add(const Flow& flow);
  [[nodiscard]] const auto& all() const { return all_.all(); }
  [[nodiscard]] std::uint64_t folded() const { return folded_; }

 private:
  Conversation* place_for(const Flow& flow, ConversationKey key);

  Tally<ConversationKey, Conversation> all_;
  std::size_t unanswered_limit_;
  std::size_t unanswered_ = 0;  // rows that came about unanswered
  std::uint64_t folded_ = 0;
};

}  // namespace assay::agent::sensor
