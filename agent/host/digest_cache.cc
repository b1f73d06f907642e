#include "agent/host/digest_cache.h"

#include <charconv>

namespace assay::agent {
namespace {

// The next word of a line as a number; the line loses it.
template <typename Number>
std::optional<Number> take_number(std::string_view& line) {
  Number value{};
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), value);
  if (error != std::errc{}) return std::nullopt;
  line.remove_prefix(static_cast<std::size_t>(end - line.data()));
  if (line.starts_with(' ')) line.remove_prefix(1);
  return value;
}

}  // namespace

std::optional<evidence::Digest> DigestCache::find(const FileStatus& status) {
  const auto known = files_.find({status.device, status.inode});
  if (known == files_.end()) return std::nullopt;
  auto& file = known->second;
  if (file.size_bytes != status.size_bytes || file.modified_ns != status.modified_ns ||
      file.changed_ns != status.changed_ns)
    return std::nullopt;
  file.is_used = true;
  return file.digest;
}

void DigestCache::add(const FileStatus& status, const evidence::Digest& digest,
                      evidence::Seconds now) {
  if (!has_settled(status.changed_ns, now) || !has_settled(status.modified_ns, now)) return;
  const std::pair key(status.device, status.inode);
  if (files_.size() >= kMaxCachedDigests && !files_.contains(key)) return;
  files_[key] = {.size_bytes = status.size_bytes,
                 .modified_ns = status.modified_ns,
                 .changed_ns = status.changed_ns,
                 .digest = digest,
                 .is_used = true};
}

std::string DigestCache::to_text() const {
  std::string text;
  const auto append = [&](auto number) { text.append(std::to_string(number)).push_back(' '); };
  for (const auto& [key, file] : files_) {
    if (!file.is_used) continue;
    append(key.first);
    append(key.second);
    append(file.size_bytes);
    append(file.modified_ns);
    append(file.changed_ns);
    text.append(file.digest.hex()).push_back('\n');
  }
  return text;
}

DigestCache DigestCache::from_text(std::string_view text) {
  DigestCache cache;
  while (!text.empty() && cache.files_.size() < kMaxCachedDigests) {
    auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const auto device = take_number<std::uint64_t>(line);
    const auto inode = device ? take_number<std::uint64_t>(line) : std::nullopt;
    const auto size = inode ? take_number<std::uint64_t>(line) : std::nullopt;
    const auto modified = size ? take_number<std::int64_t>(line) : std::nullopt;
    const auto changed = modified ? take_number<std::int64_t>(line) : std::nullopt;
    const auto digest = evidence::Digest::from_hex(line);
    if (changed && digest)
      cache.files_[{*device, *inode}] = {*size, *modified, *changed, *digest, false};
  }
  return cache;
}

}  // namespace assay::agent
