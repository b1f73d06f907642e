// Table container_images.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

// Images of Docker, Podman, Buildah, CRI-O and containerd, of the system and of people who run an
// engine of their own. What is there and cannot be read is a row that says so. Empty where no
// engine ever stored an image; kNotFound where there is no system at all.
[[nodiscard]] Result<evidence::Table> collect_container_images(Host& host);

}  // namespace assay::agent
