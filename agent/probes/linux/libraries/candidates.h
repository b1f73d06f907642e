// Paths that a walker saw and will look into when the walk is over.
//
// Bounded in number and in bytes, so that the memory of a walk does not grow
// with the tree. Over the bound whole shares are given up (see fair_share.h),
// and unseen() says which.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/host/tree_visitor.h"
#include "agent/probes/linux/walking/fair_share.h"
#include "evidence/result.h"

namespace assay::agent {

class Candidates {
 public:
  // `what` names one kind of file, for the error: "files package.json of installed packages".
  Candidates(std::string_view what, std::size_t most) : shares_(what, most, kMaxBytes) {}

  void add(const TreeEntry& entry);

  // What was found, which is then no longer kept here. kPermissionDenied when there were folders
  // that the walk could not look into, kNotFound when there was not a single file.
  [[nodiscard]] Result<std::vector<std::string>> take(const WalkSummary& walk);
  // What is not among it: rows for the table.
  [[nodiscard]] std::vector<UnseenPlace> unseen(const WalkSummary& walk) const;

  static constexpr std::size_t kMaxBytes = 6U << 20U;  // of all paths together

 private:
  struct Candidate {
    std::string path;
    std::uint32_t uid = 0;
  };
  FairShare shares_;
  std::vector<Candidate> found_;
};

// True for files in the layers of container images (Docker, Podman, CRI-O, containerd) in the
// places where these keep them by default. They belong to an image, not to this machine.
[[nodiscard]] bool is_in_container_layer(std::string_view path);

}  // namespace assay::agent
