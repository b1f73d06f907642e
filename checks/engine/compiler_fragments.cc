// The compiler's part for SQL that several checks share. `{{name}}` in a check, or in another
// fragment, stands for the fragment's text.
#include <algorithm>

#include "checks/engine/compiler.h"
#include "evidence/canonical.h"

namespace assay::checks {

namespace {

constexpr std::string_view kOpen = "{{";
constexpr std::string_view kClose = "}}";
// Enough for parts of parts; a fragment that holds itself comes to its end here.
constexpr int kMaxRounds = 8;
constexpr std::size_t kMaxSql = 256U << 10U;

}  // namespace


void Compiler::add_fragments(const yaml::Value& value) {
  for (const auto& [name, sql] : yaml::Mapping(value).entries())
    if (!fragments_.emplace(name, sql.text()).second)
      sql.complain("the fragment \"" + name + "\" exists already");
}

std::string Compiler::expanded(const std::string& sql,
                               const std::function<void(std::string_view)>& complain) const {
  std::string text = sql;
  for (int round = 0; text.find(kOpen) != std::string::npos; ++round) {
    if (round == kMaxRounds) {
      complain("its fragments hold one another");
      return sql;
    }
    std::string next;
    for (std::size_t at = 0; at < text.size();) {
      const auto open = text.find(kOpen, at);
      next.append(text, at, open == std::string::npos ? open : open - at);
      if (open == std::string::npos) break;
      const auto close = text.find(kClose, open);
      const auto name = text.substr(open + kOpen.size(), close - open - kOpen.size());
      const auto found = fragments_.find(name);
      if (close == std::string::npos || found == fragments_.end()) {
        std::vector<std::string> known;
        for (const auto& [other, ignored] : fragments_) known.push_back(other);
        complain("there is no fragment \"" + name.substr(0, 64) + "\"" +
                 yaml::suggestion(name.substr(0, 64), known));
        return sql;
      }
      next += found->second;
      if (next.size() > kMaxSql) {
        complain("its fragments make more than 256 KiB of SQL");
        return sql;
      }
      at = close + kClose.size();
    }
    text = std::move(next);
  }
  return text;
}

void Compiler::expand(Check& check) {
  for (auto* sql : {&check.applies, &check.query, &check.facts}) {
    auto text =
        expanded(*sql, [&](std::string_view what) { complain(check, std::string(what), *sql); });
    if (const auto line = sql_lines_.find({check.id, *sql}); line != sql_lines_.end())
      sql_lines_.emplace(std::pair(check.id, text), line->second);
    *sql = std::move(text);
  }
}

}  // namespace assay::checks
