// Dialogues played against what a server says.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "agent/network/services/protocols/registry.h"

namespace assay::agent::services {

// A server that says these, one after the other; what is sent back is kept.
struct Played {
  Turn turn = Turn::kMore;
  std::string sent;
  Facts facts;
  std::unique_ptr<Dialogue> dialogue;
};

inline Played play(std::unique_ptr<Dialogue> dialogue, const std::vector<std::string>& said) {
  Played played;
  played.sent = dialogue->opening();
  std::string received;
  for (const auto& bytes : said) {
    received += bytes;
    played.turn = dialogue->take(received, played.sent);
  }
  played.facts = dialogue->facts;
  played.dialogue = std::move(dialogue);
  return played;
}

inline Played play(std::string_view name, const std::vector<std::string>& said,
                   bool is_in_tls = false) {
  for (const auto& protocol : protocols())
    if (protocol.name == name) return play(protocol.make({is_in_tls, "host", {}}), said);
  ADD_FAILURE() << name;
  return {};
}

inline std::vector<std::string> details(const Facts& facts, std::string_view name) {
  std::vector<std::string> out;
  for (const auto& [key, value] : facts.details)
    if (key == name) out.push_back(value);
  return out;
}

}  // namespace assay::agent::services
