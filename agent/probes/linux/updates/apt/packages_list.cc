#include "agent/probes/linux/updates/apt/packages_list.h"

#include <cstring>

#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxLineBytes = 4U << 20U;  // Provides of a large Rust package: 100 kB
constexpr std::size_t kMaxFieldBytes = 1024;

}  // namespace

std::unexpected<Error> PackagesScanner::broken(std::string_view why) const {
  return fail(Code::kInvalidData, "line " + std::to_string(line_).append(": ").append(why));
}

Status PackagesScanner::feed(std::string_view piece) {
  bytes_ += piece.size();
  while (!piece.empty()) {
    const auto* end = static_cast<const char*>(std::memchr(piece.data(), '\n', piece.size()));
    if (end == nullptr) {
      if (cut_line_.size() + piece.size() > kMaxLineBytes) return broken("a line without an end");
      cut_line_ += piece;
      return {};
    }
    const auto length = static_cast<std::size_t>(end - piece.data());
    ++line_;
    Status added;
    if (cut_line_.empty()) {
      added = add_line(piece.substr(0, length));
    } else {
      cut_line_ += piece.substr(0, length);
      added = add_line(cut_line_);
      cut_line_.clear();
    }
    if (!added) return added;
    piece.remove_prefix(length + 1);
  }
  return {};
}

Status PackagesScanner::add_line(std::string_view line) {
  if (line.empty() || line == "\r") return end_package();
  if (line.starts_with("Package:")) return begin_package(trimmed(line.substr(8)));
  if (state_ == State::kSkipped) return {};
  if (state_ == State::kBetween) {
    // A list of packages begins every paragraph with its name; hand-made ones may not.
    if (line[0] == ' ' || line[0] == '\t' || !line.contains(':'))
      return broken("not a list of packages");
    state_ = State::kUnnamed;
  }
  const auto keep = [&](std::string_view field, std::string& to) {
    if (!line.starts_with(field)) return false;
    to = trimmed(line.substr(field.size())).substr(0, kMaxFieldBytes);
    return true;
  };
  if (keep("Version:", package_.version) || keep("Architecture:", package_.arch)) return {};
  constexpr std::string_view kPhased = "Phased-Update-Percentage:";
  if (line.starts_with(kPhased))
    package_.phased_percent = decimal(trimmed(line.substr(kPhased.size())));
  return {};
}

Status PackagesScanner::begin_package(std::string_view name) {
  if (state_ == State::kSkipped || state_ == State::kWanted)
    return broken("two packages in one paragraph");
  if (name.empty()) return broken("a package without a name");
  ++packages_;
  if (!is_wanted_(name)) {
    state_ = State::kSkipped;
    return {};
  }
  package_.name = name.substr(0, kMaxFieldBytes);
  state_ = State::kWanted;
  return {};
}

Status PackagesScanner::end_package() {
  const auto state = std::exchange(state_, State::kBetween);
  if (state == State::kSkipped || state == State::kBetween) return {};
  const auto package = std::exchange(package_, {});
  if (state == State::kUnnamed) return broken("a paragraph without Package");
  if (package.version.empty()) return broken("a package without Version");
  show_(package);
  return {};
}

Status PackagesScanner::finish() {
  if (!cut_line_.empty()) return broken("the list ends in the middle of a line");
  return end_package();
}

}  // namespace assay::agent
