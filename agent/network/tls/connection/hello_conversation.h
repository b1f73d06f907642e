// One ClientHello out, and the answer to it in.
#pragma once

#include "agent/network/tls/connection/conversation.h"
#include "agent/network/tls/wire/answer.h"

namespace assay::agent::tls {

class HelloConversation : public Conversation {
 public:
  HelloConversation(std::string hello, Depth depth)
      : hello_(std::move(hello)), pending_(hello_), depth_(depth) {}

  Result<Need> advance(int descriptor, std::string& received) override;
  [[nodiscard]] bool ends_well_when_late() override { return answer_.hello.has_value(); }
  [[nodiscard]] std::unique_ptr<Conversation> same() const override {
    return std::make_unique<HelloConversation>(hello_, depth_);
  }
  [[nodiscard]] const Answer& answer() const { return answer_; }

 private:
  std::string hello_;
  std::string pending_;
  Depth depth_;
  Answer answer_;
};

class Ssl2Conversation : public Conversation {
 public:
  explicit Ssl2Conversation(std::string hello) : hello_(std::move(hello)), pending_(hello_) {}

  Result<Need> advance(int descriptor, std::string& received) override;
  [[nodiscard]] std::unique_ptr<Conversation> same() const override {
    return std::make_unique<Ssl2Conversation>(hello_);
  }
  [[nodiscard]] const Ssl2Answer& answer() const { return answer_; }

 private:
  std::string hello_;
  std::string pending_;
  Ssl2Answer answer_;
};

}  // namespace assay::agent::tls
