// tls_endpoints, tls_suites and certificates: of this machine's listeners and of the targets that
// the settings name.
#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "agent/scan/network/network_source.h"
#include "agent/scanner/scanner_process.h"

namespace assay::agent {

namespace {

using evidence::Table;
using evidence::Value;

constexpr std::array<std::string_view, 3> kTables{"tls_endpoints", "tls_suites", "certificates"};
// Of one endpoint, so that one that hangs does not take the others' time.
constexpr std::chrono::seconds kEndpointTime{20};
// For the scanner to write its answer down when its own time is over.
constexpr std::chrono::seconds kGrace{10};

struct Asked {
  std::string scope;     // local or configured
  std::string listener;  // the address that it listens on; empty: not a listener of this machine
  std::string process;
  std::string left_out;  // why it is not asked; empty: it is
  bool is_answered = false;
};
using Place = std::pair<std::string, std::int64_t>;  // host, port

Value text_or_null(const std::string& text) {
  return text.empty() ? Value(evidence::kNull) : Value(text);
}

class TlsSource final : public NetworkSource {
 public:
  Result<NetworkQuestion> question(const NetworkFacts& facts) override {
    const auto& settings = facts.settings->network;
    NetworkQuestion out;
    // Who has named a target wants it before what is there anyway.
    for (const auto& target : settings.targets)
      add(target, {.scope = "configured", .listener = {}, .process = {}, .left_out = {}}, settings,
          out.input);
    for (const auto& endpoint : facts.own)
      add({endpoint.host.empty() ? endpoint.listener : endpoint.host, endpoint.port, "auto"},
          {.scope = "local",
           .listener = endpoint.listener,
           .process = endpoint.process,
           .left_out = endpoint.problem},
          settings, out.input);
    const auto endpoint_time = std::min(kEndpointTime, settings.time_limit);
    out.arguments = {"tls",
                     "--endpoint-seconds",
                     std::to_string(endpoint_time.count()),
                     "--seconds",
                     std::to_string(settings.time_limit.count()),
                     "-"};
    out.time_limit = settings.time_limit + kGrace;
    out.is_empty = out.input.empty();
    return out;
  }

  Result<std::vector<Table>> answer(std::vector<Table> tables) override {
    std::vector<Table> out;
    for (const auto name : kTables) {
      const auto found = std::ranges::find(
          tables, name, [](const Table& table) { return std::string_view(table.header().table); });
      const bool is_asked = asked_count_ > 0;
      if (is_asked != (found != tables.end()))
        return fail(Code::kInvalidData, "the scanner's answer lacks " + std::string(name));
      out.emplace_back(*evidence::find_table(name));
      if (!is_asked) continue;
      if (auto done = take(*found, name == kTables.front(), out.back()); !done)
        return fail(done.error());
    }
    if (tables.size() > kTables.size())
      return fail(Code::kInvalidData, "the scanner's answer has tables that nobody asked for");
    return tell_left_out(std::move(out));
  }

  std::string loss() const override {
    if (left_out_ == 0) return {};
    return "tls: " + std::to_string(left_out_) + " of " + std::to_string(asked_.size()) +
           " endpoints were left out";
  }

 private:
  void add(const NetworkTarget& target, Asked asked, const NetworkSettings& settings,
           std::string& input) {
    const auto [at, is_new] = asked_.try_emplace(Place{target.host, target.port}, std::move(asked));
    if (!is_new) {
      // A target that is a listener of this machine as well.
      if (at->second.listener.empty()) {
        at->second.listener = std::move(asked.listener);
        at->second.process = std::move(asked.process);
      }
      return;
    }
    auto line = endpoint_text(target.host, target.port) + " " + target.protocol + "\n";
    auto& left_out = at->second.left_out;
    if (left_out.empty() && std::cmp_equal(asked_count_, settings.max_endpoints))
      left_out = "more than network.max_endpoints, " + std::to_string(settings.max_endpoints);
    if (left_out.empty() && input.size() + line.size() > kMaxScannerInputBytes)
      left_out = "more than the scanner is given at once";
    if (!left_out.empty()) {
      ++left_out_;
      return;
    }
    ++asked_count_;
    input += line;
  }

  // Rows about what was asked, and of endpoints one of each.
  Status take(const Table& given, bool are_endpoints, Table& out) {
    const auto column = [&](std::string_view name) {
      const auto& columns = given.header().columns;
      return static_cast<std::size_t>(std::ranges::find(columns, name, &evidence::Column::name) -
                                      columns.begin());
    };
    const auto scope = are_endpoints ? column("scope") : 0;
    const auto listener = are_endpoints ? column("listener") : 0;
    const auto process = are_endpoints ? column("process") : 0;
    for (std::size_t i = 0; i < given.rows().size(); ++i) {
      const auto* host = std::get_if<std::string>(&given.at(i, "host"));
      const auto* port = std::get_if<std::int64_t>(&given.at(i, "port"));
      const auto at =
          host == nullptr || port == nullptr ? asked_.end() : asked_.find({*host, *port});
      if (at == asked_.end() || !at->second.left_out.empty())
        return fail(Code::kInvalidData,
                    "the scanner's answer: " + out.header().table + " has what nobody asked for");
      auto row = given.rows()[i];
      if (are_endpoints) {
        if (std::exchange(at->second.is_answered, true))
          return fail(Code::kInvalidData, "the scanner's answer: an endpoint comes twice");
        row[scope] = at->second.scope;
        row[listener] = text_or_null(at->second.listener);
        row[process] = text_or_null(at->second.process);
      }
      out.add_row(std::move(row));
    }
    return {};
  }

  Result<std::vector<Table>> tell_left_out(std::vector<Table> tables) {
    for (const auto& [place, asked] : asked_) {
      if (asked.left_out.empty() && !asked.is_answered)
        return fail(Code::kInvalidData, "the scanner's answer lacks an endpoint");
      if (asked.left_out.empty()) continue;
      tables.front().add({{"host", place.first},
                          {"port", place.second},
                          {"scope", asked.scope},
                          {"listener", text_or_null(asked.listener)},
                          {"process", text_or_null(asked.process)},
                          {"status", std::string("left_out")},
                          {"detail", asked.left_out}});
    }
    return tables;
  }

  std::map<Place, Asked> asked_;
  std::size_t asked_count_ = 0;
  std::size_t left_out_ = 0;
};

}  // namespace

KnownNetworkSource tls_source() {
  return {.name = "tls",
          .tables = kTables,
          .subject = NetworkSubject::kServices,
          .use = [](const Settings& settings) { return std::optional(settings.network.tls); },
          .interval = [](const Settings& settings) { return settings.network.interval; },
          .make = []() -> std::unique_ptr<NetworkSource> { return std::make_unique<TlsSource>(); }};
}

}  // namespace assay::agent
