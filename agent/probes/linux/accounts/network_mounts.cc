#include "agent/probes/linux/accounts/network_mounts.h"

#include <algorithm>
#include <array>

#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxMountBytes = 8U << 20U;
constexpr std::array<std::string_view, 16> kKinds = {
    "9p",   "afs",    "autofs", "beegfs", "ceph",  "cifs", "davfs", "glusterfs",
    "gpfs", "lustre", "nfs",    "nfs4",   "ocfs2", "smb3", "smbfs", "virtiofs"};

// The kernel writes blanks and the like as \040.
std::string unescaped(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size()) {
      unsigned value = 0;
      for (std::size_t digit = 1; digit <= 3; ++digit)
        value = value * 8 + (static_cast<unsigned>(text[i + digit]) - '0');
      result += static_cast<char>(value & 0xffU);
      i += 3;
    } else {
      result += text[i];
    }
  }
  return result;
}

}  // namespace

Result<NetworkMounts> NetworkMounts::find(Host& host) {
  NetworkMounts mounts;
  if (!host.is_live()) return mounts;
  const auto text = host.read_file("/proc/self/mounts", kMaxMountBytes);
  if (!text && text.error().code() == Code::kNotFound) return mounts;
  if (!text) return fail(text.error());
  Lines lines(*text);
  while (const auto line = lines.next()) {
    const auto first = line->find(' ');
    if (first == std::string_view::npos) continue;
    const auto second = line->find(' ', first + 1);
    if (second == std::string_view::npos) continue;
    const auto third = std::min(line->size(), line->find(' ', second + 1));
    mounts.mounts_.emplace_back(unescaped(line->substr(first + 1, second - first - 1)),
                                std::string(line->substr(second + 1, third - second - 1)));
  }
  return mounts;
}

std::string_view NetworkMounts::kind_at(std::string_view path) const {
  std::string_view kind;
  std::size_t longest = 0;
  for (const auto& [place, found] : mounts_) {
    const bool is_below =
        place == "/" ||
        (path.starts_with(place) && (path.size() == place.size() || path[place.size()] == '/'));
    // A later mount at the same place hides the earlier one.
    if (!is_below || place.size() < longest) continue;
    longest = place.size();
    kind = found;
  }
  const bool is_remote =
      std::ranges::find(kKinds, kind) != kKinds.end() || kind.starts_with("fuse");
  return is_remote ? kind : std::string_view();
}

}  // namespace assay::agent
