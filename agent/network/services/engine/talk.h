// One connection to an endpoint, on which one or several dialogues find out whether the server
// speaks their protocol.
//
// With several, none has said anything: those that the server's first bytes do not fit drop out.
// The first that is certain goes on alone. Where none is and one of them would ask, it may, alone;
// the rest are left over for connections of their own.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/network/services/engine/limits.h"
#include "agent/network/services/engine/stream.h"
#include "agent/network/services/protocols/registry.h"

namespace assay::agent::services {

class Talk : public tls::Conversation {
 public:
  using Time = std::chrono::steady_clock::time_point;

  struct Candidate {
    const Protocol* protocol = nullptr;
    std::unique_ptr<Dialogue> dialogue;
    std::string received;  // each takes from its own
  };

  // Without candidates it finds out whether TLS is spoken, and no more.
  Talk(std::vector<Candidate> candidates, Stream stream, const Limits& limits);

  Result<tls::Need> advance(int descriptor, std::string& received) override;
  [[nodiscard]] bool ends_well_when_late() override;
  [[nodiscard]] std::optional<Time> patience() override { return patience_; }

  [[nodiscard]] bool is_connected() const { return connected_.has_value(); }
  // When bytes could be exchanged: in TLS, when the handshake was done.
  [[nodiscard]] std::optional<Time> begun() const { return begun_; }
  // A dialogue has met its protocol; it may have more to learn.
  [[nodiscard]] bool is_met() const { return is_met_; }
  // The server has said something: in TLS, inside.
  [[nodiscard]] bool has_heard() const { return heard_ > 0; }
  // The same, and be it in a handshake that failed.
  [[nodiscard]] bool heard_anything() const { return stream_.heard_anything() || heard_ > 0; }
  [[nodiscard]] bool spoke_tls() const { return stream_.spoke_tls(); }

  // The dialogue that met its protocol, if it ended well; nullptr.
  [[nodiscard]] std::unique_ptr<Dialogue> take_winner();
  // Protocols that the bytes fitted as well, and that were not asked.
  [[nodiscard]] const std::vector<const Protocol*>& left_over() const { return left_over_; }

 private:
  // False: it is over.
  bool feed(std::string_view bytes);
  [[nodiscard]] std::chrono::milliseconds patience_for(bool has_asked) const;
  void choose(std::size_t place);
  void finish(Last last);

  std::vector<Candidate> candidates_;
  Stream stream_;
  Limits limits_;
  std::string pending_;
  std::size_t heard_ = 0;
  std::optional<Time> connected_;
  std::optional<Time> begun_;
  std::optional<Time> patience_;
  bool is_met_ = false;
  bool is_won_ = false;
  std::vector<const Protocol*> left_over_;
};

}  // namespace assay::agent::services
