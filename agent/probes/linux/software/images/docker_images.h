// The images of a Docker engine, from the files in its data folder; its socket
// is not asked, which would take part in its life.
#pragma once

#include "agent/host/host.h"
#include "agent/probes/linux/software/images/image_row.h"

namespace assay::agent {

// What an image says of itself (OCI image configuration). Its environment and commands are not
// kept: they may hold secrets.
struct ImageConfig {
  std::string created;
  std::string architecture;
  std::string os;
  std::vector<std::string> layers;  // digests of what each layer unpacks to
};
[[nodiscard]] Result<ImageConfig> parse_image_config(std::string_view text);

struct DockerName {
  std::string id;
  ImageReference reference;  // tag and digest as far as they are known
};
// repositories.json. A name with both tag and digest is one DockerName.
[[nodiscard]] Result<std::vector<DockerName>> parse_docker_repositories(std::string_view text);

// Adds a row for each name of each image in `store`, and one for an image without names. Nothing
// where there is no such folder.
[[nodiscard]] Status add_docker_images(Host& host, const ImageStore& store, evidence::Table& table);

}  // namespace assay::agent
