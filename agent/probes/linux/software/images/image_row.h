// A row of container_images, and where a store of images lies.
#pragma once

#include <optional>
#include <string>

#include "agent/probes/linux/software/images/image_reference.h"
#include "evidence/table.h"

namespace assay::agent {

struct ImageStore {
  std::string engine;
  std::string folder;
  std::string username;  // whose it is; empty: the system's
};

// Empty, or nothing: not known.
struct ImageRow {
  ImageReference reference = {};
  std::string name_space = {};  // containerd's
  std::string id = {};
  std::optional<std::int64_t> created = {};
  std::optional<std::int64_t> size_bytes = {};
  std::string architecture = {};
  std::string os = {};
  std::string note = {};
};

void add_image(const ImageStore& store, const ImageRow& image, evidence::Table& table);

// Stores, and images in one of them, that are looked at.
inline constexpr std::size_t kMaxImages = 20'000;
inline constexpr std::size_t kMaxLayersOfImage = 512;

}  // namespace assay::agent
