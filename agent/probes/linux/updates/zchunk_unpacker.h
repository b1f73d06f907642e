// Unpacks a zchunk file (.zck), chunk by chunk as it comes: nothing of it is held but its header,
// the dictionary and what zstd needs for one chunk.
#pragma once

#include <memory>

#include "agent/probes/linux/updates/stored_file.h"

namespace assay::agent {

// Its unpack() gives kInvalidData too where a chunk does not fit its checksum; the chunk may then
// have been shown already.
[[nodiscard]] std::unique_ptr<Unpacker> make_zchunk_unpacker();

}  // namespace assay::agent
