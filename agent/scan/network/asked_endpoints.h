// Endpoints that a source asks for, and whether what comes back is about them.
//
// A target that the settings name and that listens here as well is one endpoint. What is over the
// limits is left out, and has a row that says so. One object per look.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "agent/scan/network/local_endpoints.h"
#include "agent/settings/network_settings.h"
#include "evidence/result.h"
#include "evidence/table.h"

namespace assay::agent {

class AskedEndpoints {
 public:
  // `tables`: what the scanner answers with; the first has a row per endpoint, with the columns
  // host, port, scope, listener, process, status and detail, and maybe transport. Both outlive it.
  AskedEndpoints(std::string_view source, std::span<const std::string_view> tables)
      : source_(source), tables_(tables) {}

  // `line` is how the scanner is asked for it. `left_out`: why it is not; empty: it is.
  void add_target(const NetworkTarget& target, const std::string& line,
                  const NetworkSettings& settings);
  void add_own(const LocalEndpoint& endpoint, const std::string& line, std::string left_out,
               const NetworkSettings& settings);

  // For the scanner's standard input; empty: nobody is asked.
  [[nodiscard]] const std::string& input() const { return input_; }

  // NetworkSource::answer() and loss().
  [[nodiscard]] Result<std::vector<evidence::Table>> answer(std::vector<evidence::Table> tables);
  [[nodiscard]] std::string loss() const;

 private:
  struct Asked {
    std::string scope;     // local or configured
    std::string listener;  // the address that it listens on; empty: not one of this machine's
    std::string process;
    std::string left_out;
    bool is_answered = false;
  };
  using Place = std::tuple<std::string, std::int64_t, std::string>;  // host, port, transport

  void add(const Place& place, Asked asked, const std::string& line,
           const NetworkSettings& settings);
  [[nodiscard]] Status take(const evidence::Table& given, evidence::Table& out);
  [[nodiscard]] Asked* asked_in(const evidence::Table& given, std::size_t row);
  [[nodiscard]] Status tell_left_out(evidence::Table& endpoints) const;

  std::string_view source_;
  std::span<const std::string_view> tables_;
  std::map<Place, Asked> asked_;
  std::string input_;
  std::int64_t asked_count_ = 0;
  std::size_t left_out_ = 0;
};

}  // namespace assay::agent
