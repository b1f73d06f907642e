#include "collector/software/cpe_dictionary.h"

#include <sqlite3.h>

#include <algorithm>
#include <tuple>

namespace assay::collector {
namespace {

constexpr std::size_t kMaxNameBytes = 512;

bool has_wildcard(std::string_view pattern) {
  return pattern.find_first_of("*?[") != std::string_view::npos;
}

}  // namespace

CpeDictionary::CpeDictionary(const evidence::Table& products) {
  for (std::size_t i = 0; i < products.rows().size(); ++i) {
    const auto text = [&](std::string_view column) {
      return evidence::to_text(products.at(i, column));
    };
    Entry entry{.kind = text("kind"),
                .pattern = text("package"),
                .parts = {.vendor = text("vendor"), .product = text("product")},
                .rule = cpe_version_rule(text("version")).value_or(CpeVersionRule::kUpstream),
                .confidence = text("confidence")};
    const auto part = text("part");
    if (part == "o" || part == "h") entry.parts.part = part.front();
    if (const auto* number = std::get_if<std::int64_t>(&products.at(i, "precedence")))
      entry.precedence = *number;
    if (entry.pattern.empty() || entry.parts.vendor.empty() || entry.parts.product.empty())
      continue;
    if (has_wildcard(entry.pattern))
      wildcards_.push_back(entries_.size());
    else
      by_name_[entry.pattern].push_back(entries_.size());
    entries_.push_back(std::move(entry));
  }
}

bool CpeDictionary::is_meant(const Entry& entry, std::string_view kind) {
  if (!entry.kind.empty()) return entry.kind == kind;
  return kind == "deb" || kind == "rpm" || kind == "apk";
}

const CpeDictionary::Entry* CpeDictionary::find(std::string_view kind,
                                                std::string_view package) const {
  const Entry* best = nullptr;
  const auto rank = [](const Entry& entry) {
    return std::tuple(entry.precedence, !has_wildcard(entry.pattern), entry.pattern.size(),
                      !entry.kind.empty());
  };
  const auto consider = [&](std::size_t number) {
    const auto& entry = entries_[number];
    if (is_meant(entry, kind) && (best == nullptr || rank(entry) > rank(*best))) best = &entry;
  };
  if (const auto same = by_name_.find(package); same != by_name_.end())
    std::ranges::for_each(same->second, consider);
  const std::string name(package);
  for (const auto number : wildcards_)
    if (::sqlite3_strglob(entries_[number].pattern.c_str(), name.c_str()) == 0) consider(number);
  return best;
}

std::optional<CpeGuess> CpeDictionary::guess(std::string_view kind, std::string_view package,
                                             std::string_view version) const {
  if (package.size() > kMaxNameBytes || package.find('\0') != std::string_view::npos)
    return std::nullopt;
  const auto* entry = find(kind, package);
  if (entry == nullptr) return std::nullopt;
  auto parts = entry->parts;
  set_cpe_version(entry->rule, version, parts);
  auto cpe = cpe_name(parts);
  if (!cpe) return std::nullopt;
  return CpeGuess{*std::move(cpe), entry->confidence};
}

}  // namespace assay::collector
