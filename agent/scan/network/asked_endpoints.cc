#include "agent/scan/network/asked_endpoints.h"

#include <algorithm>
#include <utility>

#include "agent/scanner/scanned_tables.h"
#include "agent/scanner/scanner_process.h"

namespace assay::agent {

namespace {

using evidence::Table;
using evidence::Value;

Value text_or_null(const std::string& text) {
  return text.empty() ? Value(evidence::kNull) : Value(text);
}

std::size_t place_of(const Table& table, std::string_view column) {
  const auto& columns = table.header().columns;
  return static_cast<std::size_t>(
      std::ranges::find(columns, column, &evidence::Column::name) - columns.begin());
}

bool has_transport(const Table& table) {
  return place_of(table, "transport") < table.header().columns.size();
}

}  // namespace

void AskedEndpoints::add_target(const NetworkTarget& target, const std::string& line,
                                const NetworkSettings& settings) {
  add({target.host, target.port, "tcp"},
      {.scope = "configured", .listener = {}, .process = {}, .left_out = {}}, line, settings);
}

void AskedEndpoints::add_own(const LocalEndpoint& endpoint, const std::string& line,
                             std::string left_out, const NetworkSettings& settings) {
  add({endpoint.host.empty() ? endpoint.listener : endpoint.host, endpoint.port,
       endpoint.is_udp ? "udp" : "tcp"},
      {.scope = "local",
       .listener = endpoint.listener,
       .process = endpoint.process,
       .left_out = std::move(left_out)},
      line, settings);
}

void AskedEndpoints::add(const Place& place, Asked asked, const std::string& line,
                         const NetworkSettings& settings) {
  const auto [at, is_new] = asked_.try_emplace(place, std::move(asked));
  if (!is_new) {
    // A target that is a listener of this machine as well.
    if (at->second.listener.empty()) {
      at->second.listener = std::move(asked.listener);
      at->second.process = std::move(asked.process);
    }
    return;
  }
  auto& left_out = at->second.left_out;
  if (left_out.empty() && asked_count_ == settings.max_endpoints)
    left_out = "more than network.max_endpoints, " + std::to_string(settings.max_endpoints);
  if (left_out.empty() && input_.size() + line.size() >= kMaxScannerInputBytes)
    left_out = "more than the scanner is given at once";
  if (!left_out.empty()) {
    ++left_out_;
    return;
  }
  ++asked_count_;
  input_ += line + "\n";
}

Result<std::vector<Table>> AskedEndpoints::answer(std::vector<Table> tables) {
  std::vector<Table> out;
  for (const auto name : tables_) {
    const auto* found = table_named(tables, name);
    const bool is_asked = asked_count_ > 0;
    if (is_asked != (found != nullptr))
      return fail(Code::kInvalidData, "the scanner's answer lacks " + std::string(name));
    out.emplace_back(*evidence::find_table(name));
    if (!is_asked) continue;
    if (auto done = take(*found, out.back()); !done) return fail(done.error());
  }
  if (tables.size() > tables_.size())
    return fail(Code::kInvalidData, "the scanner's answer has tables that nobody asked for");
  if (auto told = tell_left_out(out.front()); !told) return fail(told.error());
  return out;
}

AskedEndpoints::Asked* AskedEndpoints::asked_in(const Table& given, std::size_t row) {
  const auto* host = std::get_if<std::string>(&given.at(row, "host"));
  const auto* port = std::get_if<std::int64_t>(&given.at(row, "port"));
  if (host == nullptr || port == nullptr) return nullptr;
  const auto transport =
      has_transport(given) ? evidence::to_text(given.at(row, "transport")) : std::string("tcp");
  const auto at = asked_.find({*host, *port, transport});
  return at == asked_.end() || !at->second.left_out.empty() ? nullptr : &at->second;
}

// Rows about what was asked, and of endpoints one of each.
Status AskedEndpoints::take(const Table& given, Table& out) {
  const bool are_endpoints = out.header().table == tables_.front();
  for (std::size_t i = 0; i < given.rows().size(); ++i) {
    auto* asked = asked_in(given, i);
    if (asked == nullptr)
      return fail(Code::kInvalidData,
                  "the scanner's answer: " + out.header().table + " has what nobody asked for");
    auto row = given.rows()[i];
    if (are_endpoints) {
      if (std::exchange(asked->is_answered, true))
        return fail(Code::kInvalidData, "the scanner's answer: an endpoint comes twice");
      row[place_of(given, "scope")] = asked->scope;
      row[place_of(given, "listener")] = text_or_null(asked->listener);
      row[place_of(given, "process")] = text_or_null(asked->process);
    }
    out.add_row(std::move(row));
  }
  return {};
}

Status AskedEndpoints::tell_left_out(Table& endpoints) const {
  for (const auto& [place, asked] : asked_) {
    if (asked.left_out.empty() && !asked.is_answered)
      return fail(Code::kInvalidData, "the scanner's answer lacks an endpoint");
    if (asked.left_out.empty()) continue;
    const auto& [host, port, transport] = place;
    evidence::Row row(endpoints.header().columns.size(), evidence::kNull);
    row[place_of(endpoints, "host")] = host;
    row[place_of(endpoints, "port")] = port;
    if (has_transport(endpoints)) row[place_of(endpoints, "transport")] = transport;
    row[place_of(endpoints, "scope")] = asked.scope;
    row[place_of(endpoints, "listener")] = text_or_null(asked.listener);
    row[place_of(endpoints, "process")] = text_or_null(asked.process);
    row[place_of(endpoints, "status")] = std::string("left_out");
    row[place_of(endpoints, "detail")] = asked.left_out;
    endpoints.add_row(std::move(row));
  }
  return {};
}

std::string AskedEndpoints::loss() const {
  if (left_out_ == 0) return {};
  return std::string(source_) + ": " + std::to_string(left_out_) + " of " +
         std::to_string(asked_.size()) + " endpoints were left out";
}

}  // namespace assay::agent
