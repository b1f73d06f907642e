#include "agent/settings/sweep_words.h"

#include <algorithm>

#include "agent/settings/quantity.h"

namespace assay::agent {

namespace {

// What is a usage error on the command line is one of configuration in a file.
std::unexpected<Error> wrong(const Error& error) {
  return fail(Code::kConfiguration, error.message());
}

}  // namespace

Status set_scanner(sweep::SweepSettings& settings, const std::string& word) {
  if (word != "true" && word != "false")
    return fail(Code::kConfiguration, "\"" + word + "\": write true or false");
  settings.is_scanner = word == "true";
  return {};
}

Status set_addresses(sweep::AddressSet& set, const std::string& word) {
  auto made = sweep::addresses_from(word);
  if (!made) return wrong(made.error());
  set = *std::move(made);
  return {};
}

Status set_ports(sweep::PortList& ports, const std::string& word) {
  auto made = sweep::ports_from(word);
  if (!made) return wrong(made.error());
  ports = *std::move(made);
  return {};
}

Status set_rate(sweep::SweepSettings& settings, const std::string& word) {
  const auto rate = bytes_from(word);
  if (!rate || *rate < 1 || *rate > sweep::kMaxPacketsPerSecond)
    return fail(Code::kConfiguration, "1 to " + std::to_string(sweep::kMaxPacketsPerSecond) +
                                          " packets per second are expected here");
  settings.packets_per_second = static_cast<std::uint32_t>(*rate);
  return {};
}

Status set_windows(sweep::SweepSettings& settings, const std::string& word) {
  settings.windows.clear();
  for (std::size_t at = 0; at < word.size();) {
    const auto end = std::min(word.find(';', at), word.size());
    const auto window = sensor::working_hours_from(word.substr(at, end - at));
    if (!window) return wrong(window.error());
    settings.windows.push_back(*window);
    at = end + 1;
  }
  settings.window = word;
  return {};
}

std::string word_of(const sweep::AddressSet& set) {
  std::string out;
  for (const auto& range : set.ranges()) {
    if (!out.empty()) out += ',';
    out += to_text(range);
  }
  return out;
}

}  // namespace assay::agent
