#include "agent/probes/linux/walking/fair_share.h"

#include <algorithm>
#include <tuple>

namespace assay::agent {
namespace {

// An account may own files under a range of such numbers (subuid(5)).
constexpr std::uint32_t kRange = 65'536;

std::string_view folder_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == 0 || slash == std::string_view::npos ? "/" : path.substr(0, slash);
}

// "/var/lib" of "/var/lib/x/y".
std::string_view part_of_tree(std::string_view path) {
  const auto second = path.find('/', 1);
  if (second == std::string_view::npos) return "/";
  return path.substr(0, std::min(path.find('/', second + 1), path.size()));
}

// The folder in which both lie.
std::string_view common_folder(std::string_view a, std::string_view b) {
  while (a != "/" && a != b && !(b.starts_with(a) && b.substr(a.size()).starts_with('/')))
    a = folder_of(a);
  return a;
}

}  // namespace

std::string FairShare::share_of(std::string_view path, std::uint32_t uid) {
  if (uid == 0) return std::string(part_of_tree(path));
  return uid < kRange ? std::to_string(uid) : std::to_string(uid / kRange) + " *";
}

bool FairShare::admit(std::string_view path, std::uint32_t uid) {
  const auto name = share_of(path, uid);
  auto& share = shares_[name];
  if (share.is_closed) {
    share.folder = common_folder(share.folder, folder_of(path));
    return false;
  }
  if (share.files == 0) {
    share.folder = folder_of(path);
    share.is_roots = uid == 0;
    if (uid != 0)
      share.whose = uid < kRange ? " of uid " + std::to_string(uid)
                                 : " of uids from " + std::to_string(uid / kRange * kRange);
  } else {
    share.folder = common_folder(share.folder, folder_of(path));
  }
  ++share.files;
  share.bytes += path.size();
  ++files_;
  bytes_ += path.size();
  while (files_ > most_ || bytes_ > most_bytes_) close_largest();
  return !share.is_closed;
}

void FairShare::close_largest() {
  const auto rank = [](const Share& share) {
    return std::tuple(!share.is_closed, !share.is_roots, share.files + share.bytes / 64);
  };
  const auto largest =
      std::ranges::max_element(shares_, {}, [&](const auto& entry) { return rank(entry.second); });
  auto& share = largest->second;
  files_ -= share.files;
  bytes_ -= share.bytes;
  share.is_closed = true;
  has_just_closed_ = true;
}

bool FairShare::has_just_closed() {
  return std::exchange(has_just_closed_, false);
}

bool FairShare::is_closed(std::string_view path, std::uint32_t uid) const {
  const auto found = shares_.find(share_of(path, uid));
  return found != shares_.end() && found->second.is_closed;
}

std::vector<UnseenPlace> FairShare::closed() const {
  std::vector<UnseenPlace> places;
  for (const auto& [name, share] : shares_)
    if (share.is_closed)
      places.push_back({share.folder, std::string(kNotLookedAt) + std::string(what_) +
                                          share.whose + ", because there are more than " +
                                          std::to_string(most_) +
                                          ", or their paths are too long"});
  return places;
}

}  // namespace assay::agent
