#include "agent/network/sweep/plan/port_list.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace assay::agent::sweep {

namespace {

constexpr std::uint16_t kLastPort = 65'535;

std::optional<std::uint16_t> port_from(std::string_view text) {
  unsigned number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.size() > 5 || read.ec != std::errc() || read.ptr != text.data() + text.size() ||
      number < 1 || number > kLastPort)
    return std::nullopt;
  return static_cast<std::uint16_t>(number);
}

// "80", "1-1024", "-1024", "1024-", "-".
std::optional<PortRange> port_range_from(std::string_view text) {
  const auto dash = text.find('-');
  const auto first_word = text.substr(0, dash);
  const auto first = first_word.empty() && dash == 0 ? 1 : port_from(first_word);
  if (!first) return std::nullopt;
  if (dash == std::string_view::npos) return PortRange{*first, *first};
  const auto last_word = text.substr(dash + 1);
  const auto last = last_word.empty() ? kLastPort : port_from(last_word);
  if (!last || *last < *first) return std::nullopt;
  return PortRange{*first, *last};
}

void normalise(PortRanges* ranges) {
  std::ranges::sort(*ranges);
  PortRanges made;
  for (const auto& range : *ranges)
    if (!made.empty() && range.first <= made.back().last + 1)
      made.back().last = std::max(made.back().last, range.last);
    else
      made.push_back(range);
  *ranges = std::move(made);
}

}  // namespace

Result<PortList> ports_from(std::string_view text) {
  const auto whole = text;
  const auto wrong = [&](std::string_view what) {
    return fail(Code::kUsage,
                "ports \"" + std::string(whole.substr(0, 100)) + "\": \"" +
                    std::string(what.substr(0, 40)) +
                    "\" is not understood; expected such as 22,80,8000-8100,U:53,161");
  };
  PortList made;
  auto* into = &made.tcp;
  if (text.ends_with(',')) return wrong("");
  do {
    const auto comma = std::min(text.find(','), text.size());
    auto word = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    while (word.starts_with(' ')) word.remove_prefix(1);
    while (word.ends_with(' ')) word.remove_suffix(1);
    if (word.starts_with("T:") || word.starts_with("U:")) {
      into = word.starts_with("T:") ? &made.tcp : &made.udp;
      word.remove_prefix(2);
    }
    const auto range = port_range_from(word);
    if (!range) return wrong(word);
    into->push_back(*range);
    if (into->size() > kLastPort) return fail(Code::kUsage, "more ports than there are");
  } while (!text.empty());
  normalise(&made.tcp);
  normalise(&made.udp);
  return made;
}

std::string to_text(const PortRanges& ranges) {
  std::string out;
  for (const auto& range : ranges) {
    if (!out.empty()) out += ',';
    out += std::to_string(range.first);
    if (range.last != range.first) out.append("-").append(std::to_string(range.last));
  }
  return out;
}

std::string to_text(const PortList& ports) {
  auto out = to_text(ports.tcp);
  if (ports.udp.empty()) return out;
  if (!out.empty()) out += ',';
  return out + "U:" + to_text(ports.udp);
}

std::size_t count(const PortRanges& ranges) {
  std::size_t all = 0;
  for (const auto& range : ranges) all += static_cast<std::size_t>(range.last - range.first) + 1;
  return all;
}

std::vector<std::uint16_t> all_ports(const PortRanges& ranges) {
  std::vector<std::uint16_t> out;
  out.reserve(count(ranges));
  for (const auto& range : ranges)
    for (unsigned port = range.first; port <= range.last; ++port)
      out.push_back(static_cast<std::uint16_t>(port));
  return out;
}

// UDP: DNS, TFTP, portmapper, NTP, NetBIOS names, SNMP, IKE, RIP, SSDP, mDNS, memcached.
std::string_view default_own_ports() {
  return "1-65535,U:53,69,111,123,137,161,500,520,1900,5353,11211";
}

std::string_view default_range_ports() {
  return "1-1024,1080,1194,1433,1521,1723,1883,2049,2181,2222,2375-2379,3000,3128,3260,3268,3306,"
         "3389,4369,4444,4786,5000,5044,5060,5432,5555,5601,5672,5900-5905,5984-5986,6000-6005,"
         "6379,6443,7001,7199,8000,8008,8009,8080-8083,8086,8088,8089,8123,8161,8181,8291,8443,"
         "8500,8834,8888,9000,9001,9042,9090-9093,9100,9200,9300,9418,9443,9999,10000,10050,10051,"
         "10250,10255,11211,15672,27017-27019,28017,47001,49152-49157,50000,50070,61616,"
         "U:53,69,111,123,137,161,500,520,1900,5353,11211";
}

}  // namespace assay::agent::sweep
