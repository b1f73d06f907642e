#include "agent/probes/linux/updates/apk/apk_index.h"

#include <optional>

namespace assay::agent {
namespace {

constexpr std::size_t kBlockBytes = 512;
constexpr std::size_t kMaxLineBytes = 1U << 20U;  // of what a package provides
constexpr std::size_t kMaxValueBytes = 4096;

std::unexpected<Error> broken(std::string_view why) {
  return fail(Code::kInvalidData, std::string("no index of apk's: ").append(why));
}

std::optional<std::uint64_t> octal(std::string_view field) {
  std::uint64_t value = 0;
  bool has_digit = false;
  for (const char c : field) {
    if (c == '\0' || c == ' ') break;
    if (c < '0' || c > '7') return std::nullopt;
    value = value * 8 + static_cast<std::uint64_t>(c - '0');
    has_digit = true;
  }
  return has_digit ? std::optional(value) : std::nullopt;
}

}  // namespace

Status ApkIndexScanner::feed(std::string_view piece) {
  while (!piece.empty()) {
    if (left_ > 0) {
      const auto part =
          piece.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, piece.size())));
      if (is_index_)
        if (auto fed = feed_text(part); !fed) return fed;
      left_ -= part.size();
      piece.remove_prefix(part.size());
    } else if (padding_ > 0) {
      const auto skipped =
          static_cast<std::size_t>(std::min<std::uint64_t>(padding_, piece.size()));
      padding_ -= skipped;
      piece.remove_prefix(skipped);
    } else {
      const auto part = piece.substr(0, kBlockBytes - header_.size());
      header_ += part;
      piece.remove_prefix(part.size());
      if (header_.size() < kBlockBytes) return {};
      if (auto begun = begin_member(); !begun) return begun;
      header_.clear();
    }
  }
  return {};
}

Status ApkIndexScanner::begin_member() {
  if (header_.find_first_not_of('\0') == std::string::npos) return {};  // the end of an archive
  const std::string_view header = header_;
  if (header.substr(257, 5) != "ustar") return broken("no tar archive");
  const auto size = octal(header.substr(124, 12));
  if (!size) return broken("a member without a size");
  const auto name = header.substr(0, std::min<std::size_t>(header.find('\0'), 100));
  is_index_ = name == "APKINDEX";
  has_index_ = has_index_ || is_index_;
  left_ = *size;
  padding_ = (kBlockBytes - *size % kBlockBytes) % kBlockBytes;
  return {};
}

Status ApkIndexScanner::feed_text(std::string_view text) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    line_ += text.substr(0, end);
    if (line_.size() > kMaxLineBytes) return broken("a line that has no end");
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
    if (auto added = add_line(line_); !added) return added;
    line_.clear();
  }
  return {};
}

Status ApkIndexScanner::add_line(std::string_view line) {
  if (line.empty()) {
    end_package();
    return {};
  }
  if (line.size() < 2 || line[1] != ':') return broken("a line without a field");
  const auto value = line.substr(2);
  auto* const kept = line[0] == 'P'   ? &name_
                     : line[0] == 'V' ? &version_
                     : line[0] == 'A' ? &arch_
                                      : nullptr;
  if (kept == nullptr) return {};
  if (value.size() > kMaxValueBytes) return broken("a value that is too long");
  *kept = value;
  return {};
}

void ApkIndexScanner::end_package() {
  if (!name_.empty() && !version_.empty())
    visit_({.name = name_, .version = version_, .arch = arch_});
  name_.clear();
  version_.clear();
  arch_.clear();
}

Status ApkIndexScanner::finish() {
  if (!has_index_) return broken("it holds no list of packages");
  if (left_ > 0 || !header_.empty() || !line_.empty()) return broken("it is cut short");
  end_package();
  return {};
}

}  // namespace assay::agent
