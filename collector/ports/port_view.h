// One port of a host as it is seen from three sides, and whether they agree.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::collector {

// What the host itself says (tables `exposure` and `listening_ports`).
enum class Reach { kLoopbackOnly, kFiltered, kUnknown, kReachable };
struct OwnView {
  Reach reach = Reach::kUnknown;  // the widest of all that listen on the port
  std::string why;                // the rule that decides, or why it is unknown
  std::vector<std::string> addresses;
  std::vector<std::string> processes;
};

// What another machine got for an answer (tables `reachable_ports` and `sweeps`).
struct ProbeView {
  enum class State { kOpen, kOpenOrFiltered, kNotOpen };
  std::string host;     // who asked
  std::string source;   // from which address
  std::string address;  // which of this host's
  State state = State::kNotOpen;
  std::string method;
  std::int64_t at = 0;  // seconds since 1970 UTC
};

// What a sensor saw on the wire (table `observed_flows`): an answered conversation.
struct SightingView {
  std::string host;  // whose sensor
  std::string client;
  std::string address;
  std::string service;  // empty: not recognised
  std::int64_t answered = 0;
  std::optional<std::int64_t> last_seen;  // seconds since 1970 UTC, to the minute
};

enum class Agreement {
  kAgrees,
  kUnlisted,         // it answers others, and the host does not list it
  kReachedDespite,   // it answers others, and the host says that they cannot reach it
  kNotReached,       // the host says that others reach it, and they do not
  kReachedUnjudged,  // it answers others; the host's own filters cannot be told
  kNotMeasured,      // nobody has looked
  kUnknown,          // the host's own view is missing
};
[[nodiscard]] std::string_view name_of(Agreement agreement);
[[nodiscard]] std::string_view name_of(ProbeView::State state);
[[nodiscard]] std::string_view name_of(Reach reach);

struct PortView {
  std::string transport;  // tcp or udp
  std::int64_t port = 0;
  std::optional<OwnView> own;
  std::vector<ProbeView> probes;
  std::vector<SightingView> sightings;
  Agreement agreement = Agreement::kNotMeasured;
};

// `has_own_view`: the host's own tables are there, so that a port without `own` is one that it does
// not list. A sighting from before `since`, when the host was last looked at, decides nothing: what
// listened then may be gone.
[[nodiscard]] Agreement agreement_of(const PortView& view, bool has_own_view, std::int64_t since);

}  // namespace assay::collector
