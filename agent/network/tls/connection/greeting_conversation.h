// Conversations that find out what a server speaks.
#pragma once

#include <string>

#include "agent/network/tls/connection/conversation.h"
#include "agent/network/tls/starttls/greeting.h"

namespace assay::agent::tls {

// Says something, or nothing, and takes what comes first: a line, or so many bytes. Nothing until
// the time is up is an answer, too, and so is the end.
class GreetingConversation : public Conversation {
 public:
  // `enough`: bytes that need not be followed by the end of a line.
  explicit GreetingConversation(std::string words, std::size_t enough = kMaxGreetingBytes)
      : pending_(std::move(words)), enough_(enough) {}

  Result<Need> advance(int descriptor, std::string& received) override;
  [[nodiscard]] bool ends_well_when_late() override { return true; }
  [[nodiscard]] const std::string& heard() const { return heard_; }

 private:
  std::string pending_;
  std::size_t enough_;
  std::string heard_;
};

// Ends as soon as TLS might begin: whether the dialogue before it gets there.
class ReadyConversation : public Conversation {
 public:
  Result<Need> advance(int, std::string&) override { return Need::kNothing; }
};

}  // namespace assay::agent::tls
