// The images of containerd, from its metadata (meta.db), without asking it.
#pragma once

#include "agent/host/host.h"
#include "agent/probes/linux/software/bytes/byte_source.h"
#include "agent/probes/linux/software/images/image_row.h"

namespace assay::agent {

struct ContainerdImage {
  std::string name_space;  // "k8s.io", "moby", "default"
  std::string name;        // a reference, or Kubernetes' "sha256:…" for the image's id
  std::string digest;      // of the manifest or index that the name stands for
};
[[nodiscard]] Result<std::vector<ContainerdImage>> read_containerd_images(ByteSource& file);

// Adds a row for each name of each image. Nothing where there is no such database; kUnavailable
// when containerd changed it while it was read.
[[nodiscard]] Status add_containerd_images(Host& host, const ImageStore& store,
                                           evidence::Table& table);

}  // namespace assay::agent
