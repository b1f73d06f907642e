// Paths that a walker saw and will look into when the walk is over.
//
// Bounded in number and in bytes, so that the memory of a walk does not grow
// with the tree. Over the bound no path is kept any more, and take() says so:
// the table is then not available, never half full.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/host/tree_visitor.h"
#include "evidence/result.h"

namespace assay::agent {

class Candidates {
 public:
  // `what` names one kind of file, for the error: "files package.json of installed packages".
  Candidates(std::string_view what, std::size_t most) : what_(what), most_(most) {}

  void add(std::string_view path);

  // What was found, which is then no longer kept here. kTooLarge when it was too much,
  // kPermissionDenied when there were folders that the walk could not look into, kNotFound when
  // there was not a single file.
  [[nodiscard]] Result<std::vector<std::string>> take(const WalkSummary& walk);

 private:
  std::string_view what_;
  std::size_t most_;
  std::size_t bytes_ = 0;
  bool is_over_ = false;
  std::vector<std::string> paths_;
};

inline constexpr std::size_t kMaxCandidateBytes = 6U << 20U;  // of all paths together

// True for files in the layers of container images (Docker, Podman, CRI-O, containerd) in the
// places where these keep them by default. They belong to an image, not to this machine.
[[nodiscard]] bool is_in_container_layer(std::string_view path);

}  // namespace assay::agent
