// What a scan may look at over the network, as the settings say it:
//
//   network:
//     tls: auto                       # auto, on, off: what TLS servers offer
//     services: auto                  # auto, on, off: which protocols are spoken, and how
//     snmp_communities: false         # with the ones that every device comes with
//     targets: ["www.example.tw:443", "mail.example.tw:25 smtp"]
//     interval: 1d
//     max_endpoints: 64
//     time_limit: 2m
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/result.h"

namespace assay::agent {

// kAuto: the resident agent looks, a scan by hand where it is told to (--network). kOn: both.
// kOff: nobody, but for --network.
enum class NetworkUse : std::uint8_t { kAuto, kOn, kOff };

// An endpoint that somebody has named.
struct NetworkTarget {
  std::string host;  // a name or an address
  std::uint16_t port = 0;
  // What is spoken before TLS: one of network_protocols(); "auto": what the server begins with.
  std::string protocol = "auto";
  bool operator==(const NetworkTarget&) const = default;
};

inline constexpr std::int64_t kMaxNetworkEndpoints = 500;
inline constexpr std::chrono::seconds kMinNetworkTime{5};
inline constexpr std::chrono::seconds kMaxNetworkTime{1800};
inline constexpr std::chrono::seconds kMinNetworkInterval{3600};
inline constexpr std::chrono::seconds kMaxNetworkInterval{604'800};

struct NetworkSettings {
  NetworkUse tls = NetworkUse::kAuto;
  NetworkUse services = NetworkUse::kAuto;
  // Asks SNMP with the communities public and private: a log-in of sorts, so only where it is wanted.
  bool asks_communities = false;
  std::vector<NetworkTarget> targets;
  // The oldest that the resident agent lets an answer become.
  std::chrono::seconds interval{86'400};
  // In one look, the machine's own listeners and targets together.
  std::int64_t max_endpoints = 64;
  std::chrono::seconds time_limit{120};
  bool operator==(const NetworkSettings&) const = default;
};

// "auto", and those that assay-scanner speaks (a test compares them).
[[nodiscard]] std::span<const std::string_view> network_protocols();

// "HOST:PORT" or "HOST:PORT PROTOCOL". kConfiguration says what is wrong.
[[nodiscard]] Result<NetworkTarget> network_target_from(std::string_view text);
// Reads back as the same; for "auto" without it.
[[nodiscard]] std::string to_text(const NetworkTarget& target);
// HOST:PORT, an IPv6 address in brackets.
[[nodiscard]] std::string endpoint_text(std::string_view host, std::uint16_t port);

[[nodiscard]] Result<NetworkUse> network_use_from(std::string_view word);
[[nodiscard]] std::string_view name_of(NetworkUse use);

}  // namespace assay::agent
