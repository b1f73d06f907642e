// Reads block lists in their usual forms:
//
//   plain      one address, network, ADDRESS:PORT or domain per line; # and ; begin comments
//   hosts      0.0.0.0 bad.example
//   dnsmasq    address=/bad.example/0.0.0.0; server=/good.example/# is an exception
//   AdBlock    ||bad.example^, and @@||good.example^ for an exception
//   RPZ        a DNS zone file of response policies; CNAME rpz-passthru. is an exception
//   CSV        with a header that names a column of values: MISP, Feodo Tracker, ThreatFox
//   JSON       attributes of MISP, indicators of STIX 2.1, values or objects with one
//
// Which one it is shows in the text. What is not understood is counted, never guessed.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/network/sensor/packet/address.h"
#include "evidence/result.h"

namespace assay::agent::sensor {

inline constexpr std::size_t kMaxListBytes = 128U << 20U;
inline constexpr std::size_t kMaxListEntries = 2'000'000;
inline constexpr std::size_t kMaxListLine = 16U << 10U;

enum class EntryKind : std::uint8_t { kAddress, kNetwork, kDomain };
[[nodiscard]] std::string_view name_of(EntryKind kind);

// Of a domain: which names are meant. RPZ tells a name and those below it apart.
enum class Reach : std::uint8_t { kItAndBelow, kItOnly, kBelowOnly };

struct ParsedEntry {
  EntryKind kind = EntryKind::kAddress;
  Reach reach = Reach::kItAndBelow;
  std::uint16_t port = 0;        // 0: every port
  std::int16_t confidence = -1;  // 0 to 100; -1: not stated
  // Not listed after all. Of what a list says of one address or name the greater weight holds, and
  // among equals the longer name or prefix. AdBlock alone has weights: an exception weighs more
  // than what it is from, and $important more than what has it not.
  bool is_exception = false;
  std::uint8_t weight = 0;
  std::uint32_t line = 0;
  Network network;     // address and network
  std::string domain;  // lower case, A-labels, without the last dot
  std::string date;    // YYYY-MM-DD of this entry; empty: that of the list
};

struct ParsedList {
  std::vector<ParsedEntry> entries;
  std::string date;                                   // YYYY-MM-DD, as the list says itself
  std::uint64_t not_understood = 0;                   // lines, and indicators of STIX
  std::map<std::string_view, std::uint64_t> reasons;  // for it
  std::uint32_t first_not_understood = 0;             // the number of the first such line
};

// kTooLarge over a limit; kInvalidData when there is a line that is no comment and none is
// understood.
[[nodiscard]] Result<ParsedList> parse_block_list(std::string_view text);

// An address, network, ADDRESS:PORT or domain; nothing for all else.
[[nodiscard]] std::optional<ParsedEntry> parse_indicator(std::string_view text);
// Lower case, without the last dot, other scripts as A-labels (RFC 3492); nothing when it is none.
[[nodiscard]] std::optional<std::string> domain_from(std::string_view text);

// One form each; `list` receives what was understood. Called by parse_block_list().
void parse_lines(std::string_view text, ParsedList* list);
void parse_zone(std::string_view text, ParsedList* list);
void parse_csv(std::string_view text, ParsedList* list);
// The whole list is refused when it is no JSON or says nothing of the kind.
[[nodiscard]] Status parse_json(std::string_view text, ParsedList* list);
[[nodiscard]] bool looks_like_zone(std::string_view text);
[[nodiscard]] bool looks_like_csv(std::string_view text);
[[nodiscard]] bool looks_like_json(std::string_view text);

// YYYY-MM-DD in the text, or in the days of seconds since 1970; empty when there is none.
[[nodiscard]] std::string date_in(std::string_view text);

}  // namespace assay::agent::sensor
