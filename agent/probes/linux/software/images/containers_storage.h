// The images that Podman, Buildah and CRI-O share, from the files of their
// store (containers/storage).
#pragma once

#include "agent/host/host.h"
#include "agent/probes/linux/software/images/image_row.h"

namespace assay::agent {

struct StoredImage {
  std::string id;
  std::string digest;
  std::string created;
  std::string layer;  // the topmost
  std::vector<std::string> names;
};
[[nodiscard]] Result<std::vector<StoredImage>> parse_stored_images(std::string_view text);

struct StoredLayer {
  std::string parent;
  std::optional<std::int64_t> size_bytes;  // unpacked
};
[[nodiscard]] Result<std::map<std::string, StoredLayer>> parse_stored_layers(std::string_view text);

// Adds a row for each name of each image in `store`, and one for an image without names. Nothing
// where there is no such folder.
[[nodiscard]] Status add_stored_images(Host& host, const ImageStore& store, evidence::Table& table);

}  // namespace assay::agent
