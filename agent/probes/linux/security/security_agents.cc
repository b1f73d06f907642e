#include "agent/probes/linux/security/security_agents.h"

#include "agent/probes/linux/security/security_products.h"
#include "agent/probes/linux/text/cells.h"

namespace assay::agent {
namespace {

evidence::Value flag_or_null(std::optional<bool> flag) {
  if (!flag) return evidence::kNull;
  return std::int64_t{*flag ? 1 : 0};
}

void add_row(const Product& product, const Findings& findings, evidence::Table& table) {
  const auto& presence = findings.presence;
  table.add({{"kind", std::string(product.kind)},
             {"name", std::string(product.name)},
             {"version", text_or_null(presence.version)},
             {"installed", flag_or_null(presence.installed)},
             {"running", flag_or_null(presence.running)},
             {"enabled", flag_or_null(presence.enabled)},
             {"real_time", flag_or_null(findings.real_time)},
             {"signature_version", text_or_null(findings.signature_version)},
             {"signature_date", text_or_null(findings.signature_date)},
             {"last_scan", text_or_null(findings.last_scan)},
             {"management_server", text_or_null(findings.management_server)},
             {"source", text_or_null(joined(presence.sources, ", "))},
             {"note", text_or_null(joined(presence.notes, "; "))}});
}

std::set<std::string> packages_of_all() {
  std::set<std::string> all;
  for (const auto& product : security_products()) {
    all.insert(product.product.packages.begin(), product.product.packages.end());
    all.insert(product.rules.begin(), product.rules.end());
  }
  return all;
}

void find_rules(const SecurityProduct& product, PresenceFinder& finder, Findings& findings) {
  const auto package = finder.versions().find(product.rules);
  if (!package || !*package || !(*package)->is_installed) return;
  findings.signature_version = (*package)->version;
  const auto& sources = findings.presence.sources;
  if (std::ranges::find(sources, (*package)->source) == sources.end())
    findings.from((*package)->source);
}

// Whether a note begins with the column's name, among others.
bool is_explained(const std::vector<std::string>& notes, std::string_view column) {
  return std::ranges::any_of(notes, [&](std::string_view note) {
    auto names = note.substr(0, note.find(": "));
    while (!names.empty()) {
      const auto end = std::min(names.find(", "), names.size());
      if (names.substr(0, end) == column) return true;
      names.remove_prefix(std::min(end + 2, names.size()));
    }
    return false;
  });
}

// Says of every column that is NULL and that nothing was said of why it is.
void explain(const SecurityProduct& product, Findings& findings) {
  struct Cell {
    std::string_view column;
    bool is_known;
  };
  const auto& presence = findings.presence;
  const std::array cells = {Cell{"version", !presence.version.empty()},
                            Cell{"running", presence.running.has_value()},
                            Cell{"enabled", presence.enabled.has_value()},
                            Cell{"real_time", findings.real_time.has_value()},
                            Cell{"signature_version", !findings.signature_version.empty()},
                            Cell{"signature_date", !findings.signature_date.empty()},
                            Cell{"last_scan", !findings.last_scan.empty()},
                            Cell{"management_server", !findings.management_server.empty()}};
  std::vector<std::string> impossible;
  std::vector<std::string> unknown;
  for (const auto& [column, is_known] : cells) {
    if (is_known || is_explained(presence.notes, column)) continue;
    (can_have(product.product.kind, column) ? unknown : impossible).emplace_back(column);
  }
  if (!unknown.empty())
    findings.unknown(joined(unknown, ", "), product.inspect == nullptr
                                                ? "not recorded where we look; known to the product"
                                                : "not recorded where we look");
  if (!impossible.empty())
    findings.unknown(joined(impossible, ", "), "a product of its kind has none");
}

Status inspect(const SecurityProduct& product, Host& host, PresenceFinder& finder,
               evidence::Table& table) {
  auto presence = finder.find(product.product);
  if (!presence) return fail(std::move(presence.error()));
  if (!*presence) return {};
  Findings findings{.presence = **std::move(presence)};
  if (product.inspect != nullptr)
    if (auto done = product.inspect(host, finder, findings); !done) return done;
  if (findings.signature_version.empty()) find_rules(product, finder, findings);
  if (findings.presence.installed != false) explain(product, findings);
  add_row(product.product, findings, table);
  return {};
}

}  // namespace

Result<evidence::Table> collect_security_agents(Host& host) {
  evidence::Table table(*evidence::find_table("security_agents"));
  PresenceFinder finder(host, packages_of_all());
  for (const auto& product : security_products())
    if (auto done = inspect(product, host, finder, table); !done)
      return fail(std::move(done.error()));
  return table;
}

}  // namespace assay::agent
