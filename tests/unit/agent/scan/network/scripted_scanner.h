// An assay-scanner for tests: answers what it is told to, and remembers what it was asked.
#pragma once

#include <string>
#include <vector>

#include "agent/scan/network/network_look.h"
#include "evidence/canonical.h"

namespace assay::agent {

inline evidence::Table endpoints_table(const std::vector<std::pair<std::string, int>>& places) {
  evidence::Table table(*evidence::find_table("tls_endpoints"));
  for (const auto& [host, port] : places)
    table.add({{"host", host}, {"port", std::int64_t{port}}, {"status", std::string("ok")}});
  return table;
}

class ScriptedScanner {
 public:
  Settings settings;
  std::vector<std::string> inputs;  // of each start
  std::vector<std::string> arguments;
  // The answer; empty: every target that was asked for has a row.
  Result<ScannerEnd> answer = ScannerEnd{};

  [[nodiscard]] NetworkLook look(bool is_told = true) {
    return {&settings, is_told, [this](const NetworkQuestion& question) { return run(question); }};
  }

  // What a scanner says that recognises what it is asked for.
  [[nodiscard]] static std::string honest_services(const std::string& input) {
    evidence::Table table(*evidence::find_table("services"));
    for (std::size_t at = 0; at < input.size();) {
      const auto end = input.find('\n', at);
      auto place = input.substr(at, end - at);
      place = place.substr(0, place.find(' '));
      const bool is_udp = place.ends_with("/udp");
      place = place.substr(0, place.find('/'));
      const auto colon = place.rfind(':');
      auto host = place.substr(0, colon);
      if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
      table.add({{"host", host},
                 {"port", std::int64_t{std::stoi(place.substr(colon + 1))}},
                 {"transport", std::string(is_udp ? "udp" : "tcp")},
                 {"status", std::string("ok")}});
      at = end + 1;
    }
    return evidence::to_canonical(table).value() +
           evidence::to_canonical(evidence::Table(*evidence::find_table("service_details"))).value();
  }
  // What one says that audits it.
  [[nodiscard]] static std::string honest(const std::string& input) {
    std::vector<std::pair<std::string, int>> places;
    for (std::size_t at = 0; at < input.size();) {
      const auto end = input.find('\n', at);
      const auto line = input.substr(at, end - at);
      const auto place = line.substr(0, line.find(' '));
      const auto colon = place.rfind(':');
      auto host = place.substr(0, colon);
      if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
      places.emplace_back(host, std::stoi(place.substr(colon + 1)));
      at = end + 1;
    }
    return evidence::to_canonical(endpoints_table(places)).value() + rest();
  }
  [[nodiscard]] static std::string rest() {
    std::string out;
    for (const char* name : {"tls_suites", "certificates"})
      out += evidence::to_canonical(evidence::Table(*evidence::find_table(name))).value();
    return out;
  }

 private:
  Result<ScannerEnd> run(const NetworkQuestion& question) {
    inputs.push_back(question.input);
    arguments = question.arguments;
    if (!answer || answer->code != 0 || !answer->output.empty()) return answer;
    const bool is_audit = question.arguments.front() == "tls";
    return ScannerEnd{.output = is_audit ? honest(question.input) : honest_services(question.input),
                      .code = 0,
                      .cpu = std::chrono::microseconds(1'500),
                      .peak_bytes = 4'096};
  }
};

}  // namespace assay::agent
