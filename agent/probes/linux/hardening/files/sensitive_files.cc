#include "agent/probes/linux/hardening/files/sensitive_files.h"

#include <fmt/format.h>

#include <array>
#include <map>
#include <set>

#include "agent/probes/linux/hardening/files/file_places.h"
#include "agent/probes/linux/libraries/programs/package_files.h"
#include "agent/probes/linux/software/package_owner.h"
#include "agent/probes/linux/text/cells.h"

namespace assay::agent {
namespace {

constexpr std::uint32_t kSetUid = 04000;
constexpr std::uint32_t kSetGid = 02000;
constexpr std::uint32_t kSticky = 01000;
constexpr std::uint32_t kOthersWrite = 0002;
constexpr std::uint32_t kGroupExecute = 0010;

constexpr auto kPrivateFolders = std::to_array<std::string_view>(
    {".ssh", ".gnupg", ".aws", ".kube", ".azure", ".password-store"});
constexpr auto kPasswordFiles = std::to_array<std::string_view>(
    {"/etc/gshadow", "/etc/gshadow-", "/etc/security/opasswd", "/etc/shadow", "/etc/shadow-"});

std::uint64_t owner_pair(const FileStatus& status) {
  return (std::uint64_t{status.uid} << 32U) | status.gid;
}

std::string_view name_of(SecretKind kind) {
  switch (kind) {
    case SecretKind::kSshHostKey: return "ssh_host_key";
    case SecretKind::kKeyStore: return "key_store";
    case SecretKind::kKeytab: return "keytab";
    case SecretKind::kCredentials: return "credentials";
    case SecretKind::kPrivateKey:
    case SecretKind::kNone: break;
  }
  return "private_key";
}

// What the bits allow that a secret should not; words joined by commas.
std::string openings(const FileStatus& status, bool also_group_read) {
  std::string all;
  const auto add_if = [&](std::uint32_t bits, std::string_view word) {
    if ((status.mode & bits) != 0) all.append(all.empty() ? "" : ",").append(word);
  };
  const bool is_folder = status.kind == FileKind::kDirectory;
  add_if(is_folder ? 0005U : 0004U, "others_read");
  add_if(0002U, "others_write");
  if (also_group_read) add_if(is_folder ? 0050U : 0040U, "group_read");
  add_if(0020U, "group_write");
  return all;
}

struct FileRow {
  std::string_view path;
  std::string_view kind;
  const FileStatus& status;
  std::string_view owner;
  std::string_view package = {};
  std::string_view reason = {};
  std::optional<bool> is_encrypted = {};
};

void add_row(evidence::Table& table, const FileRow& row) {
  table.add(
      {{"path", std::string(row.path)},
       {"kind", std::string(row.kind)},
       {"mode", fmt::format("{:04o}", row.status.mode)},
       {"uid", std::int64_t{row.status.uid}},
       {"gid", std::int64_t{row.status.gid}},
       {"owner", text_or_null(row.owner)},
       {"package", text_or_null(row.package)},
       {"encrypted", row.is_encrypted ? evidence::Value{std::int64_t{*row.is_encrypted ? 1 : 0}}
                                      : evidence::Value{}},
       {"reason", text_or_null(row.reason)}});
}

std::string also(std::string reason, std::string_view word) {
  return reason.append(reason.empty() ? "" : ",").append(word);
}

// Files of fixed names that belong to root.
Status add_fixed(Host& host, const OwnerNames& names, evidence::Table& table,
                 const std::string& path, std::string_view kind) {
  const auto status = host.status(path);
  if (!status) {
    if (status.error().code() == Code::kNotFound) return {};
    return fail(status.error());
  }
  if (status->kind != FileKind::kRegular) return {};
  auto reason = openings(*status, false);
  if (status->uid != 0) reason = also(std::move(reason), "wrong_owner");
  add_row(table, {.path = path,
                  .kind = kind,
                  .status = *status,
                  .owner = names.user(status->uid),
                  .reason = reason});
  return {};
}

Status add_fixed_files(Host& host, const OwnerNames& names, evidence::Table& table) {
  for (const auto path : kPasswordFiles)
    if (auto done = add_fixed(host, names, table, std::string(path), "password_file"); !done)
      return done;
  if (auto done = add_fixed(host, names, table, "/etc/sudoers", "sudoers"); !done) return done;
  const auto rules = host.list_directory("/etc/sudoers.d", kMaxDirectoryEntries);
  if (!rules) {
    if (rules.error().code() == Code::kNotFound) return {};
    return fail(rules.error());
  }
  for (const auto& name : *rules)
    if (auto done = add_fixed(host, names, table, "/etc/sudoers.d/" + name, "sudoers"); !done)
      return done;
  return {};
}

// Home folders, on a network or not: only their own bits are asked.
Status add_homes(Host& host, const OwnerNames& names, evidence::Table& table) {
  for (const auto& home : names.homes()) {
    const auto status = host.status(home.path);
    if (!status) {
      if (status.error().code() == Code::kNotFound) continue;
      return fail(status.error());
    }
    if (status->kind != FileKind::kDirectory) continue;
    auto reason = openings(*status, false);
    if (status->uid != home.uid) reason = also(std::move(reason), "wrong_owner");
    add_row(table, {.path = home.path,
                    .kind = "home_folder",
                    .status = *status,
                    .owner = names.user(status->uid),
                    .reason = reason});
  }
  return {};
}

// What is known of the packages that own some programs.
struct Packages {
  bool is_known = true;  // false: no package manager keeps lists of files here
  PathSet unowned;
  std::map<std::string, std::string> names;  // of deb packages only
};

Result<Packages> packages_of(Host& host, const std::set<std::string>& programs) {
  Packages packages;
  packages.unowned.insert(programs.begin(), programs.end());
  if (auto removed = remove_packaged(host, packages.unowned); !removed) {
    if (removed.error().code() != Code::kNotSupported) return fail(removed.error());
    packages.is_known = false;
    return packages;
  }
  std::set<std::string> owned;
  for (const auto& program : programs)
    if (!packages.unowned.contains(program)) owned.insert(program);
  auto names = find_package_owners(host, owned);
  if (!names) return fail(names.error());
  packages.names = *std::move(names);
  return packages;
}

}  // namespace

void SensitiveFiles::visit(const TreeEntry& entry) {
  note_owners(entry);
  if (entry.status.kind == FileKind::kRegular)
    visit_file(entry);
  else if (entry.status.kind == FileKind::kDirectory)
    visit_folder(entry);
}

void SensitiveFiles::visit_file(const TreeEntry& entry) {
  const auto mode = entry.status.mode;
  if ((mode & (kSetUid | kSetGid | kOthersWrite)) != 0) {
    // Without the group's execute bit, setgid only asks for mandatory locking.
    if ((mode & kSetUid) != 0 || (mode & (kSetGid | kGroupExecute)) == (kSetGid | kGroupExecute))
      add(entry, Kind::kSetId);
    if ((mode & kOthersWrite) != 0 && is_system_place(entry.path)) add(entry, Kind::kWorldWritable);
  }
  const auto secret = secret_kind(entry.name, entry.path);
  if (secret != SecretKind::kNone && !is_sample_of_a_package(entry.path))
    add(entry, Kind::kSecret, secret);
}

void SensitiveFiles::visit_folder(const TreeEntry& entry) {
  if ((entry.status.mode & (kOthersWrite | kSticky)) == kOthersWrite &&
      is_system_place(entry.path)) {
    add(entry, Kind::kWorldWritableFolder);
  } else if (entry.name.starts_with('.') &&
             std::ranges::find(kPrivateFolders, entry.name) != kPrivateFolders.end()) {
    add(entry, Kind::kPrivateFolder);
  }
}

void SensitiveFiles::note_owners(const TreeEntry& entry) {
  const auto owners = owner_pair(entry.status);
  if (last_ == nullptr || owners != last_owners_) {
    if (owned_.size() >= kMaxOwnerPairs && !owned_.contains(owners)) {
      has_too_many_owners_ = true;
      return;
    }
    last_ = &owned_[owners];  // stays where it is when others are added
    last_owners_ = owners;
  }
  if (owners == 0) return;  // root's
  if (!last_->first_path.empty() && last_->first_path <= entry.path) return;
  if (is_of_another_system(entry.path)) return;
  last_->first_path = entry.path;
  last_->status = entry.status;
}

void SensitiveFiles::add(const TreeEntry& entry, Kind kind, SecretKind secret) {
  if (is_of_another_system(entry.path)) return;
  const bool is_kept = shares_.admit(entry.path, entry.status.uid);
  if (shares_.has_just_closed())
    std::erase_if(found_, [&](const Found& found) {
      return shares_.is_closed(found.path, found.status.uid);
    });
  if (is_kept) found_.push_back({std::string(entry.path), entry.status, kind, secret});
}

Status SensitiveFiles::add_found(Host& host, const OwnerNames& names, evidence::Table& table) {
  std::set<std::string> programs;
  for (const auto& found : found_)
    if (found.kind == Kind::kSetId) programs.insert(found.path);
  const auto packages = packages_of(host, programs);
  if (!packages) return fail(packages.error());

  for (const auto& found : found_) {
    FileRow row{.path = found.path,
                .kind = {},
                .status = found.status,
                .owner = names.user(found.status.uid)};
    std::string reason;
    switch (found.kind) {
      case Kind::kSetId: {
        row.kind = (found.status.mode & kSetUid) != 0 ? "setuid" : "setgid";
        const auto package = packages->names.find(found.path);
        if (package != packages->names.end()) row.package = package->second;
        if (!packages->is_known)
          reason = "package_unknown";
        else if (packages->unowned.contains(found.path))
          reason = "no_package";
        break;
      }
      case Kind::kWorldWritable:
        row.kind = "world_writable_file";
        reason = "others_write";
        break;
      case Kind::kWorldWritableFolder:
        row.kind = "world_writable_folder";
        reason = "others_write";
        break;
      case Kind::kPrivateFolder:
        row.kind = "private_folder";
        reason = openings(found.status, true);
        break;
      case Kind::kSecret: {
        row.kind = name_of(found.secret);
        reason = openings(found.status, true);
        if (found.secret == SecretKind::kKeytab || found.secret == SecretKind::kCredentials) break;
        const auto start = host.read_start(found.path, kKeyStartBytes);
        if (!start && start.error().code() == Code::kNotFound) continue;  // gone meanwhile
        if (!start) {
          reason = also(std::move(reason), "not_read");
          break;
        }
        if (found.secret == SecretKind::kKeyStore) {
          if (!is_key_store(*start)) continue;
          break;
        }
        const auto facts = private_key_facts(*start);
        if (!facts) continue;  // the name is all that it has of a key
        row.is_encrypted = facts->is_encrypted;
        break;
      }
    }
    row.reason = reason;
    add_row(table, row);
  }
  return {};
}

// One row for each number that belongs to nobody, not one for each of its files.
void SensitiveFiles::add_orphans(const OwnerNames& names, evidence::Table& table) const {
  const auto by_path = [](const Owned* a, const Owned* b) { return a->first_path < b->first_path; };
  std::map<std::uint32_t, const Owned*> uids;
  std::map<std::uint32_t, const Owned*> gids;
  for (const auto& [pair, owned] : owned_) {
    if (owned.first_path.empty()) continue;
    const auto keep_first = [&](std::map<std::uint32_t, const Owned*>& ids, std::uint32_t id) {
      const auto [at, is_new] = ids.emplace(id, &owned);
      if (!is_new && by_path(&owned, at->second)) at->second = &owned;
    };
    if (names.is_nobodys_uid(owned.status.uid)) keep_first(uids, owned.status.uid);
    if (names.is_nobodys_gid(owned.status.gid)) keep_first(gids, owned.status.gid);
  }
  const std::string_view reason = names.has_directory() ? "directory_not_asked" : "no_account";
  for (const auto& [uid, owned] : uids)
    add_row(table, {.path = owned->first_path,
                    .kind = "no_owner",
                    .status = owned->status,
                    .owner = {},
                    .reason = reason});
  for (const auto& [gid, owned] : gids)
    add_row(table, {.path = owned->first_path,
                    .kind = "no_group",
                    .status = owned->status,
                    .owner = names.user(owned->status.uid),
                    .reason = reason});
}

void SensitiveFiles::add_unseen(const WalkSummary& walk, evidence::Table& table) const {
  auto places = unseen_places(walk);
  for (auto& place : shares_.closed()) places.push_back(std::move(place));
  if (has_too_many_owners_)
    places.push_back({"/", fmt::format("{}whether further files have an owner, because there are "
                                       "more than {} pairs of owner and group",
                                       kNotLookedAt, kMaxOwnerPairs)});
  for (auto& place : places)
    table.add({{"path", std::move(place.path)},
               {"kind", std::string("not_looked_at")},
               {"note", std::move(place.note)}});
}

Result<evidence::Table> SensitiveFiles::finish(Host& host, const WalkSummary& walk) {
  if (walk.unreadable > 0)
    return fail(Code::kPermissionDenied,
                fmt::format("{} folders could not be looked into, the first is {}", walk.unreadable,
                            walk.first_unreadable));
  const auto names = OwnerNames::read(host);
  if (!names) return fail(names.error());
  evidence::Table table(*evidence::find_table("sensitive_files"));
  if (auto done = add_fixed_files(host, *names, table); !done) return fail(done.error());
  if (auto done = add_homes(host, *names, table); !done) return fail(done.error());
  if (auto done = add_found(host, *names, table); !done) return fail(done.error());
  add_orphans(*names, table);
  add_unseen(walk, table);
  return table;
}

std::unique_ptr<Walker> make_sensitive_files() {
  return std::make_unique<SensitiveFiles>();
}

}  // namespace assay::agent
