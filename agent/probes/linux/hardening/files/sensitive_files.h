// Table sensitive_files: files that hold secrets, that give rights to whoever starts them, or
// that others may change, with who may do what with them. Never what is in them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "agent/probes/linux/hardening/files/owner_names.h"
#include "agent/probes/linux/hardening/files/secret_files.h"
#include "agent/probes/linux/walking/fair_share.h"
#include "agent/probes/probe.h"

namespace assay::agent {

inline constexpr std::size_t kMaxSensitiveFiles = 20'000;
inline constexpr std::size_t kMaxSensitivePathBytes = 6U << 20U;  // of all paths together
inline constexpr std::size_t kMaxOwnerPairs = 20'000;

class SensitiveFiles final : public Walker {
 public:
  void visit(const TreeEntry& entry) override;
  // kPermissionDenied when parts of the tree were hidden from the agent. Above kMaxSensitiveFiles
  // shares of them are left out, with a row that says so.
  [[nodiscard]] Result<evidence::Table> finish(Host& host, const WalkSummary& walk) override;

 private:
  enum class Kind { kSecret, kSetId, kWorldWritable, kWorldWritableFolder, kPrivateFolder };
  struct Found {
    std::string path;
    FileStatus status;
    Kind kind;
    SecretKind secret = SecretKind::kNone;
  };
  // Of the files with one pair of owners: the first by name.
  struct Owned {
    std::string first_path;
    FileStatus status;
  };

  void visit_file(const TreeEntry& entry);
  void visit_folder(const TreeEntry& entry);
  void note_owners(const TreeEntry& entry);
  void add(const TreeEntry& entry, Kind kind, SecretKind secret = SecretKind::kNone);

  void add_unseen(const WalkSummary& walk, evidence::Table& table) const;
  [[nodiscard]] Status add_found(Host& host, const OwnerNames& names, evidence::Table& table);
  void add_orphans(const OwnerNames& names, evidence::Table& table) const;

  std::vector<Found> found_;
  std::unordered_map<std::uint64_t, Owned> owned_;
  std::uint64_t last_owners_ = 0;
  Owned* last_ = nullptr;
  bool has_too_many_owners_ = false;
  FairShare shares_{"files to list", kMaxSensitiveFiles, kMaxSensitivePathBytes};
};

[[nodiscard]] std::unique_ptr<Walker> make_sensitive_files();

}  // namespace assay::agent
